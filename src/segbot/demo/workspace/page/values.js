// What the interactive elements of one message or view hold now: `state.values` of Slack's payloads. Kept apart from
// the DOM, so that a redraw (an updated card, a pushed modal) loses nothing that a person typed or chose. As in Slack,
// a value lives as long as its block_id and action_id stay; a changed id starts again from the initial value.

const ONE_OPTION = new Set(["static_select", "external_select", "radio_buttons"]);
const MANY_OPTIONS = new Set(["multi_static_select", "multi_external_select", "checkboxes"]);
const TEXT = new Set(["plain_text_input", "number_input", "email_text_input", "url_text_input"]);

/** The value an element starts with, in the shape of `state.values`, or null for one without state (a button). */
export function initialValue(element, here = null) {
  const { type } = element;
  if (TEXT.has(type)) return { type, value: element.initial_value ?? null };
  if (ONE_OPTION.has(type)) return { type, selected_option: element.initial_option ?? null };
  if (MANY_OPTIONS.has(type)) return { type, selected_options: element.initial_options ?? [] };
  const current = element.default_to_current_conversation ? here : null;
  switch (type) {
    case "users_select":
      return { type, selected_user: element.initial_user ?? null };
    case "multi_users_select":
      return { type, selected_users: element.initial_users ?? [] };
    case "channels_select":
      return { type, selected_channel: element.initial_channel ?? null };
    case "multi_channels_select":
      return { type, selected_channels: element.initial_channels ?? [] };
    case "conversations_select":
      return { type, selected_conversation: element.initial_conversation ?? current };
    case "multi_conversations_select":
      return { type, selected_conversations: element.initial_conversations ?? (current ? [current] : []) };
    case "datepicker":
      return { type, selected_date: element.initial_date ?? null };
    case "timepicker":
      return { type, selected_time: element.initial_time ?? null };
    case "datetimepicker":
      return { type, selected_date_time: element.initial_date_time ?? null };
    case "rich_text_input":
      return { type, rich_text_value: element.initial_value ?? null };
    case "file_input":
      return { type, files: [] };
    default:
      return null;
  }
}

/** Every element with its block, wherever a block may hold one (containers and carousels hold blocks themselves). */
export function* elementsOf(blocks) {
  for (const block of blocks ?? []) {
    if (block.element) yield [block, block.element];
    if (block.accessory) yield [block, block.accessory];
    if (block.type === "carousel") yield* elementsOf(block.elements);
    else for (const element of block.elements ?? []) yield [block, element];
    if (Array.isArray(block.actions)) for (const element of block.actions) yield [block, element];
    yield* elementsOf(block.child_blocks);
  }
}

/** True when nothing has been given: what a required input must not be. */
export function isEmpty(value) {
  if (!value) return true;
  const { type, ...rest } = value;
  return Object.values(rest).every(
    (held) =>
      held === null ||
      held === undefined ||
      (Array.isArray(held) && held.length === 0) ||
      (typeof held === "string" && held.trim() === ""),
  );
}

export class Values {
  #held = new Map();

  #key(blockId, actionId) {
    return JSON.stringify([blockId, actionId]);
  }

  /** What the element holds now, else its initial value. `here` is the conversation it stands in. */
  get(block, element, here = null) {
    const held = this.#held.get(this.#key(block.block_id, element.action_id));
    return held?.type === element.type ? held : initialValue(element, here);
  }

  set(block, element, value) {
    this.#held.set(this.#key(block.block_id, element.action_id), { type: element.type, ...value });
  }

  /** `state.values` for the blocks that are on show: initial values included. */
  state(blocks, here = null) {
    const values = {};
    for (const [block, element] of elementsOf(blocks)) {
      if (!element.action_id) continue;
      const value = this.get(block, element, here);
      if (value !== null) (values[block.block_id] ??= {})[element.action_id] = value;
    }
    return { values };
  }

  /** Forget what belongs to ids that are gone, so that an id that comes back later starts fresh. */
  prune(blocks) {
    const alive = new Set();
    for (const [block, element] of elementsOf(blocks)) alive.add(this.#key(block.block_id, element.action_id));
    for (const key of this.#held.keys()) if (!alive.has(key)) this.#held.delete(key);
  }
}
