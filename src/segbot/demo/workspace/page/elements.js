// Interactive elements: what a person clicks, chooses from and picks. (Fields one types into: inputs.js.)
// Each renderer gets (element, block, surface, input): `surface` is the message, view or Home it stands in (surface.js);
// `input` is true inside an input block, where a change tells the app only when the block says `dispatch_action`.

import { el, fragment, freshId, icon, link, safeHref, safeImage } from "./dom.js";
import { allChannels, channelName, everyone, myId, personName } from "./directory.js";
import { fileUrl } from "./api.js";
import { richInput, fileInput, numberInput, textInput } from "./inputs.js";
import { textObject, textOf } from "./mrkdwn.js";
import { confirmDialog, lightbox, openMenu, toast } from "./overlays.js";
import { localSource, picker } from "./picker.js";

/** Render any element; an unknown one is a visible box, never nothing. */
export function renderElement(element, block, surface, input = false) {
  const render = RENDERERS[element?.type];
  if (!render)
    return el(
      "span",
      { class: "unsupported-inline", data: { testid: "unsupported" } },
      `unsupported element: ${element?.type ?? "none"}`,
    );
  return render(element, block, surface, input);
}

/** The data attributes tests and styles find an element by. */
export const hooks = (element, block) => ({
  actionId: element.action_id,
  blockId: block.block_id,
  element: element.type,
});

/** Keep a new value, and tell the app where a change is an action. */
function change(element, block, surface, input, value, node) {
  surface.values.set(block, element, value);
  surface.changed(block);
  if (!input || block.dispatch_action) tell(element, block, surface, value, node);
}

async function tell(element, block, surface, value, node) {
  if (element.confirm && !(await confirmDialog(element.confirm, textObject))) return;
  await surface.dispatch(
    { type: element.type, action_id: element.action_id, block_id: block.block_id, ...value },
    node,
  );
}

// ---- buttons

const isHidden = (element) =>
  Array.isArray(element.visible_to_user_ids) && !element.visible_to_user_ids.includes(myId());

function button(element, block, surface) {
  if (isHidden(element)) return fragment();
  const href = element.url ? safeHref(element.url) : null;
  const value = { text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
  const styles = { primary: "btn-primary", danger: "btn-danger" };
  const press = (event) => {
    if (href && !element.confirm) window.open(href, "_blank", "noopener");
    tell(element, block, surface, value, event.currentTarget);
  };
  return el(
    "button",
    {
      type: "button",
      class: `btn ${styles[element.style] ?? ""}`,
      "aria-label": element.accessibility_label,
      data: { ...hooks(element, block), value: element.value, style: element.style },
      on: { click: press },
    },
    el("span", { class: "btn-text" }, textObject(element.text)),
  );
}

function workflowButton(element, block) {
  const styles = { primary: "btn-primary", danger: "btn-danger" };
  const start = () =>
    toast(
      `This would start the workflow ${element.workflow?.trigger?.url ?? ""}. Workflows do not run in this workspace.`,
    );
  return el(
    "button",
    {
      type: "button",
      class: `btn ${styles[element.style] ?? ""}`,
      "aria-label": element.accessibility_label,
      data: hooks(element, block),
      on: { click: start },
    },
    icon("bolt", 15),
    textObject(element.text),
  );
}

const KNOWN_ICONS = new Set(["trash", "edit", "copy", "download", "eye", "plus", "close", "check", "reply"]);

function iconButtonElement(element, block, surface) {
  if (isHidden(element)) return fragment();
  const label = element.accessibility_label || textOf(element.text);
  return el(
    "button",
    {
      type: "button",
      class: "icon-button",
      title: textOf(element.text),
      "aria-label": label,
      data: { ...hooks(element, block), value: element.value },
      on: { click: (event) => tell(element, block, surface, { value: element.value ?? "" }, event.currentTarget) },
    },
    icon(KNOWN_ICONS.has(element.icon) ? element.icon : "bolt", 16),
  );
}

function feedbackButtons(element, block, surface) {
  const one = (side, glyph) => {
    const choice = element[`${side}_button`];
    return el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-pressed": "false",
        title: textOf(choice.text),
        "aria-label": choice.accessibility_label || textOf(choice.text),
        data: { ...hooks(element, block), value: choice.value, feedback: side },
        on: {
          click: (event) => {
            for (const other of event.currentTarget.parentElement.children) other.setAttribute("aria-pressed", "false");
            event.currentTarget.setAttribute("aria-pressed", "true");
            tell(element, block, surface, { text: choice.text, value: choice.value }, event.currentTarget);
          },
        },
      },
      icon(glyph, 16),
    );
  };
  return el(
    "span",
    { class: "feedback", role: "group", "aria-label": "Feedback" },
    one("positive", "thumbUp"),
    one("negative", "thumbDown"),
  );
}

function overflow(element, block, surface) {
  const choose = (option, node) => {
    const href = option.url && safeHref(option.url);
    if (href) window.open(href, "_blank", "noopener");
    tell(element, block, surface, { selected_option: option }, node);
  };
  return el(
    "button",
    {
      type: "button",
      class: "btn btn-overflow",
      "aria-label": "More options",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: hooks(element, block),
      on: {
        click: (event) => {
          const node = event.currentTarget;
          openMenu(
            node,
            (element.options ?? []).map((option) => ({
              label: textOf(option.text),
              description: option.description ? textOf(option.description) : null,
              data: { value: option.value },
              run: () => choose(option, node),
            })),
            { align: "end", label: "More options" },
          );
        },
      },
    },
    icon("more", 18),
  );
}

// ---- selects

const asOption = (option) => ({
  key: option.value,
  text: textOf(option.text),
  description: option.description ? textOf(option.description) : null,
  raw: option,
});

/** The picker's groups from Slack's `options` or `option_groups`. */
function asGroups({ options, option_groups: groups }) {
  if (groups)
    return groups.map((group) => ({ label: textOf(group.label), options: (group.options ?? []).map(asOption) }));
  return [{ label: null, options: (options ?? []).map(asOption) }];
}

/** A select of any kind: `read` turns the held value into options, `write` turns options into the value. */
function select(element, block, surface, input, { multi, source, read, write, minQuery = 0, debounce = 0 }) {
  const label =
    (input && textOf(block.label)) || element.accessibility_label || textOf(element.placeholder) || "Select";
  const node = picker({
    label,
    multi,
    source,
    minQuery,
    debounce,
    placeholder: element.placeholder ? textOf(element.placeholder) : null,
    max: element.max_selected_items ?? Infinity,
    clearable: input && block.optional === true,
    selected: read(surface.values.get(block, element, surface.here())),
    data: hooks(element, block),
    describedBy: input ? surface.noteId(block) : null,
    onChange: (options) => {
      surface.values.set(block, element, write(options));
      surface.changed(block);
    },
    onDone: (options) => {
      if (!input || block.dispatch_action) tell(element, block, surface, write(options), node);
    },
  });
  return node;
}

const oneOption = {
  multi: false,
  read: (held) => (held.selected_option ? [asOption(held.selected_option)] : []),
  write: (options) => ({ selected_option: options[0]?.raw ?? null }),
};
const manyOptions = {
  multi: true,
  read: (held) => held.selected_options.map(asOption),
  write: (options) => ({ selected_options: options.map((option) => option.raw) }),
};

const staticSelect = (shape) => (element, block, surface, input) =>
  select(element, block, surface, input, { ...shape, source: localSource(asGroups(element)) });

const externalSelect = (shape) => (element, block, surface, input) =>
  select(element, block, surface, input, {
    ...shape,
    minQuery: element.min_query_length ?? 3,
    debounce: 250,
    source: async (query) => asGroups(await surface.options(element.action_id, block.block_id, query)),
  });

/** Selects over the workspace itself: the value is an id (or several) under `one` (or `many`). */
function directorySelect(multi, one, many, candidates) {
  return (element, block, surface, input) => {
    const options = candidates(element);
    const byId = (id) =>
      options.find((option) => option.key === id) ?? {
        key: id,
        text: personName(id) === id ? channelName(id) : personName(id),
        raw: id,
      };
    return select(element, block, surface, input, {
      multi,
      source: localSource([{ label: null, options }]),
      read: (held) => (multi ? held[many] : held[one] ? [held[one]] : []).map(byId),
      write: (chosen) => (multi ? { [many]: chosen.map((option) => option.key) } : { [one]: chosen[0]?.key ?? null }),
    });
  };
}

const peopleOptions = () =>
  everyone().map((p) => ({ key: p.id, text: personName(p.id), description: p.title || null, raw: p.id }));
const channelOption = (c) => ({ key: c.id, text: c.is_im ? channelName(c.id) : `#${channelName(c.id)}`, raw: c.id });
const publicChannels = () =>
  allChannels()
    .filter((c) => !c.is_im && !c.is_private)
    .map(channelOption);

function conversations(element) {
  const filter = element.filter ?? {};
  const kindOf = (c) => (c.is_im ? "im" : c.is_mpim ? "mpim" : c.is_private ? "private" : "public");
  const isBot = (c) => c.is_im && everyone().find((p) => p.id === c.user)?.is_bot;
  return allChannels()
    .filter((c) => !filter.include || filter.include.includes(kindOf(c)))
    .filter((c) => !(filter.exclude_bot_users && isBot(c)))
    .map(channelOption);
}

// ---- choices on show

function choices(type) {
  const multi = type === "checkbox";
  return (element, block, surface, input) => {
    const name = freshId("choice");
    const held = surface.values.get(block, element);
    const selected = new Set(
      (multi ? held.selected_options : [held.selected_option]).filter(Boolean).map((option) => option.value),
    );
    const node = el("div", {
      class: "choices",
      role: multi ? "group" : "radiogroup",
      "aria-label": input ? textOf(block.label) : "Choices",
      data: hooks(element, block),
    });
    const read = () =>
      [...node.querySelectorAll("input:checked")].map((box) => element.options[Number(box.dataset.index)]);
    const changed = (event) => {
      const now = read();
      change(
        element,
        block,
        surface,
        input,
        multi ? { selected_options: now } : { selected_option: now[0] ?? null },
        event.target.closest(".choice"),
      );
    };
    (element.options ?? []).forEach((option, index) => {
      const id = `${name}-${index}`;
      node.append(
        el(
          "div",
          { class: "choice" },
          el("input", {
            type,
            id,
            name,
            checked: selected.has(option.value),
            data: { index, value: option.value },
            on: { change: changed },
          }),
          el(
            "label",
            { for: id },
            el("span", {}, textObject(option.text)),
            option.description ? el("span", { class: "choice-description" }, textObject(option.description)) : null,
          ),
        ),
      );
    });
    return node;
  };
}

function pickDate(type, field, inputType, toValue, fromValue) {
  return (element, block, surface, input) => {
    const held = surface.values.get(block, element);
    const label =
      (input && textOf(block.label)) ||
      textOf(element.placeholder) ||
      { datepicker: "Date", timepicker: "Time" }[type] ||
      "Date and time";
    const changed = (event) => {
      const value = event.target.value;
      if (value && inputType !== "time" && Number(value.slice(0, 4)) < 1000) return; // a year that is still being typed
      change(element, block, surface, input, { [field]: value ? toValue(value) : null }, event.target);
    };
    return el("input", {
      type: inputType,
      class: "field field-date",
      value: fromValue(held[field]),
      "aria-label": label,
      title: label,
      data: hooks(element, block),
      "aria-describedby": input ? surface.noteId(block) : null,
      on: { change: changed },
    });
  };
}

const same = (value) => value ?? "";
const toSeconds = (local) => Math.floor(new Date(local).getTime() / 1000);
function fromSeconds(seconds) {
  if (!seconds) return "";
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

// ---- pictures and links

/** The address of an image element or block: its URL, or one of the workspace's own files. */
export function imageSource(element) {
  if (element.slack_file) {
    const id = element.slack_file.id ?? /\b(F[A-Z0-9]{4,})\b/.exec(element.slack_file.url ?? "")?.[1];
    return id ? fileUrl(id) : safeImage(element.slack_file.url);
  }
  return safeImage(element.image_url);
}

/** An image that says so when it cannot be shown. */
export function picture(element, className) {
  const source = imageSource(element);
  const alt = element.alt_text ?? "";
  const missing = () =>
    el(
      "span",
      { class: `image-missing ${className}`, role: "img", "aria-label": alt || "image" },
      icon("file", 16),
      alt || "image",
    );
  if (!source) return missing();
  return el("img", {
    src: source,
    alt,
    class: className,
    title: alt,
    on: {
      error: (event) => event.target.replaceWith(missing()),
      click: () => className === "image-large" && lightbox(source, alt),
    },
  });
}

const urlSource = (element) => el("span", { class: "source" }, link(element.url, element.text || element.url));

const RENDERERS = {
  button,
  workflow_button: workflowButton,
  icon_button: iconButtonElement,
  feedback_buttons: feedbackButtons,
  overflow,
  static_select: staticSelect(oneOption),
  multi_static_select: staticSelect(manyOptions),
  external_select: externalSelect(oneOption),
  multi_external_select: externalSelect(manyOptions),
  users_select: directorySelect(false, "selected_user", null, peopleOptions),
  multi_users_select: directorySelect(true, null, "selected_users", peopleOptions),
  channels_select: directorySelect(false, "selected_channel", null, publicChannels),
  multi_channels_select: directorySelect(true, null, "selected_channels", publicChannels),
  conversations_select: directorySelect(false, "selected_conversation", null, conversations),
  multi_conversations_select: directorySelect(true, null, "selected_conversations", conversations),
  radio_buttons: choices("radio"),
  checkboxes: choices("checkbox"),
  datepicker: pickDate("datepicker", "selected_date", "date", same, same),
  timepicker: pickDate("timepicker", "selected_time", "time", same, same),
  datetimepicker: pickDate("datetimepicker", "selected_date_time", "datetime-local", toSeconds, fromSeconds),
  plain_text_input: textInput("text"),
  email_text_input: textInput("email"),
  url_text_input: textInput("url"),
  number_input: numberInput,
  rich_text_input: richInput,
  file_input: fileInput,
  image: (element) => picture(element, "image-accessory"),
  url: urlSource,
};
