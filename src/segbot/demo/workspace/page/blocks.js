// Blocks of messages, modals and Home. `drawBlocks` draws a list of them into a surface and, on the next drawing, keeps
// the nodes of blocks that did not change, so that focus, open menus and typed text survive an update.

import { alertBox, card, carousel, container, plan, taskCard } from "./cards.js";
import { chart } from "./charts.js";
import { el, fragment, icon, link, safeImage } from "./dom.js";
import { picture, renderElement } from "./elements.js";
import { markdown } from "./markdown.js";
import { textObject, textOf } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";

const LONG_CHARACTERS = 1000;
const LONG_LINES = 15;

/** Render one block; an unknown type is a visible box with its name, never nothing. */
export function renderBlock(block, surface) {
  const render = RENDERERS[block?.type];
  const node = render ? render(block, surface) : unsupported(block);
  node.classList.add("block");
  node.setAttribute("data-block", String(block?.type));
  if (block?.block_id) node.setAttribute("data-block-id", block.block_id);
  return node;
}

const drawn = new WeakMap(); // block node -> the JSON it was drawn from

/**
 * Draw `blocks` into `surface.root` (made on first use), reusing the nodes of unchanged blocks. `others` are blocks
 * that the caller draws elsewhere (attachments) and that belong to the same state.
 */
export function drawBlocks(surface, blocks, others = []) {
  surface.root ??= el("div", { class: `blocks blocks-${surface.kind}` });
  const focus = rememberFocus(surface.root);
  surface.settle();
  surface.blocks = [...(blocks ?? []), ...others];
  surface.values.prune(surface.blocks);
  const old = new Map();
  for (const node of surface.root.children) {
    const source = drawn.get(node);
    if (source !== undefined) old.set(source, [...(old.get(source) ?? []), node]);
  }
  const next = (blocks ?? []).map((block) => {
    const source = JSON.stringify(block);
    const kept = old.get(source)?.shift();
    if (kept) return kept;
    const node = renderBlock(block, surface);
    drawn.set(node, source);
    return node;
  });
  for (const leftover of [...old.values()].flat()) leftover.remove();
  next.forEach((node, index) => {
    if (surface.root.children[index] !== node) surface.root.insertBefore(node, surface.root.children[index] ?? null);
  });
  restoreFocus(surface.root, focus);
  return surface.root;
}

function rememberFocus(root) {
  const active = document.activeElement;
  if (!active || !root.contains(active)) return null;
  const holder = active.closest("[data-action-id]");
  if (!holder) return null;
  return {
    active,
    actionId: holder.dataset.actionId,
    blockId: holder.dataset.blockId,
    value: active.dataset.value,
    start: active.selectionStart,
    end: active.selectionEnd,
  };
}

function restoreFocus(root, focus) {
  if (!focus || focus.active.isConnected) return;
  const holders = [...root.querySelectorAll("[data-action-id]")].filter(
    (node) => node.dataset.actionId === focus.actionId && node.dataset.blockId === focus.blockId,
  );
  const holder = holders.find((node) => node.dataset.value === focus.value) ?? holders[0];
  const target = holder?.matches("input, textarea, button") ? holder : holder?.querySelector("input, textarea, button");
  target?.focus({ preventScroll: true });
  if (
    target?.setSelectionRange &&
    focus.start !== null &&
    focus.start !== undefined &&
    /^(text|search|url|tel|textarea)$/.test(target.type)
  )
    target.setSelectionRange(focus.start, focus.end);
}

function unsupported(block) {
  return el(
    "div",
    { class: "unsupported", role: "note", data: { testid: "unsupported" } },
    icon("warn", 16),
    el(
      "span",
      {},
      "This workspace cannot show a block of type ",
      el("code", { class: "code" }, String(block?.type)),
      ".",
    ),
  );
}

function section(block, surface) {
  const text = block.text && el("div", { class: "section-text" }, textObject(block.text));
  const fields =
    block.fields &&
    el(
      "div",
      { class: "fields" },
      block.fields.map((field) => el("div", { class: "section-field" }, textObject(field))),
    );
  const accessory =
    block.accessory &&
    el("div", { class: `accessory accessory-${block.accessory.type}` }, renderElement(block.accessory, block, surface));
  const body = el("div", { class: "section-body" }, text, fields);
  if (text && surface.kind === "message" && block.expand !== true) collapse(text, textOf(block.text));
  return el("div", { class: `section ${accessory ? "with-accessory" : ""}` }, body, accessory);
}

/** Long words fold behind "See more", as Slack folds an app's long section unless it says `expand`. */
export function collapse(node, words, characters = LONG_CHARACTERS, lines = LONG_LINES) {
  if (words.length <= characters && words.split("\n").length <= lines) return;
  node.classList.add("collapsed");
  const toggle = el(
    "button",
    {
      type: "button",
      class: "link-button",
      "aria-expanded": "false",
      on: {
        click: () => {
          const folded = node.classList.toggle("collapsed");
          toggle.textContent = folded ? "See more" : "See less";
          toggle.setAttribute("aria-expanded", String(!folded));
        },
      },
    },
    "See more",
  );
  queueMicrotask(() => node.after(toggle));
}

const header = (block) => el("div", { class: "header", role: "heading", "aria-level": "3" }, textObject(block.text));
const divider = () => el("div", { role: "separator" }, el("hr", { class: "divider" }));

function context(block) {
  return el(
    "div",
    { class: "context" },
    (block.elements ?? []).map((element) =>
      element.type === "image"
        ? picture(element, "image-context")
        : el("span", { class: "context-text" }, textObject(element)),
    ),
  );
}

function actions(block, surface) {
  return el(
    "div",
    { class: "actions" },
    (block.elements ?? []).map((element) => renderElement(element, block, surface)),
  );
}

const contextActions = (block, surface) =>
  el(
    "div",
    { class: "context-actions" },
    (block.elements ?? []).map((element) => renderElement(element, block, surface)),
  );

function image(block) {
  const title = block.title && el("div", { class: "image-title" }, textObject(block.title));
  return el("div", { class: "image-block" }, title, picture(block, "image-large"));
}

function input(block, surface) {
  const choice = ["radio_buttons", "checkboxes"].includes(block.element?.type);
  const label = el(
    choice ? "div" : "label",
    { class: "input-label" },
    textObject(block.label),
    block.optional ? el("span", { class: "optional" }, " (optional)") : null,
  );
  const control = renderElement(block.element, block, surface, true);
  const note = el(
    "div",
    { class: "input-note", id: surface.noteId(block) },
    el("div", { class: "field-error error-text", role: "alert", hidden: true, data: { testid: "field-error" } }),
    block.hint ? el("div", { class: "hint" }, textObject(block.hint)) : null,
  );
  if (!choice) label.addEventListener("click", () => node.querySelector("input, textarea, [role=combobox]")?.focus());
  const node = el("div", { class: "input" }, label, control, note);
  return node;
}

/** Put the errors of a view (by block_id) next to their fields and clear the others. Returns the first one's node. */
export function showFieldErrors(surface, errors) {
  let first = null;
  for (const node of surface.root.querySelectorAll(":scope > .input")) {
    const message = errors[node.dataset.blockId] ?? null;
    const slot = node.querySelector(".field-error");
    slot.textContent = message ?? "";
    slot.hidden = message === null;
    node.classList.toggle("input-wrong", message !== null);
    for (const control of node.querySelectorAll("input, textarea, [role=combobox]"))
      control.toggleAttribute("aria-invalid", message !== null);
    if (message !== null) first ??= node;
  }
  return first;
}

function video(block) {
  const thumbnail = safeImage(block.thumbnail_url);
  const address = block.title_url || block.video_url;
  return el(
    "div",
    { class: "attachment video" },
    el(
      "div",
      { class: "video-words" },
      block.provider_name || block.author_name
        ? el("div", { class: "muted" }, [block.provider_name, block.author_name].filter(Boolean).join(" · "))
        : null,
      el("div", { class: "video-title" }, link(address, textObject(block.title))),
      block.description ? el("div", {}, textObject(block.description)) : null,
    ),
    link(
      block.video_url,
      el(
        "span",
        { class: "video-thumbnail", "aria-label": block.alt_text, role: "img" },
        thumbnail ? el("img", { src: thumbnail, alt: "", on: { error: (event) => event.target.remove() } }) : null,
        el("span", { class: "video-play" }, icon("play", 28)),
      ),
    ),
  );
}

const file = (block) =>
  el(
    "div",
    { class: "file-card" },
    icon("file", 22),
    el(
      "div",
      { class: "file-words" },
      el("div", { class: "file-name" }, block.title ?? block.external_id ?? "File"),
      el("div", { class: "muted" }, `${block.source ?? "remote"} file`),
    ),
  );

const RENDERERS = {
  section,
  header,
  divider,
  context,
  actions,
  image,
  input,
  video,
  file,
  table,
  context_actions: contextActions,
  rich_text: (block) => el("div", { class: "rich-text" }, richText(block)),
  markdown: (block) => el("div", { class: "markdown" }, markdown(block.text)),
  data_table: dataTable,
  data_visualization: chart,
  alert: alertBox,
  task_card: taskCard,
  plan,
  card: (block, surface) => card(block, surface, renderElement),
  carousel: (block, surface) => carousel(block, surface, renderElement),
  container: (block, surface) => container(block, surface, renderBlock),
};

/** A fragment of a few blocks that are not kept up to date (attachments). */
export const staticBlocks = (blocks, surface) => fragment((blocks ?? []).map((block) => renderBlock(block, surface)));
