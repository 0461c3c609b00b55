// Modals: a stack of up to three views in one dialog. The view on top is drawn; those below keep their nodes and values,
// so going back shows them as they were left.

import * as api from "./api.js";
import { drawBlocks, showFieldErrors } from "./blocks.js";
import { appById, appName } from "./directory.js";
import { el, fill, freshId, icon, iconButton } from "./dom.js";
import { textObject, textOf } from "./mrkdwn.js";
import { closeMenus, dialogFrame } from "./overlays.js";
import { Surface } from "./surface.js";
import { validate } from "./validation.js";

const stack = []; // bottom first: {view, surface, errors, banner, busy}
let dialog = null;
let opener = null; // what had the focus before the modal

const top = () => stack[stack.length - 1] ?? null;

/** A new modal (views.open): it takes the place of whatever was open. */
export function openView(view) {
  if (stack.some((entry) => entry.view.id === view.id)) {
    updateView(view);
    return;
  }
  stack.length = 0;
  stack.push(makeEntry(view));
  draw(true);
}

/** One more view on top (views.push, or response_action "push"). */
export function pushView(view) {
  if (stack.some((entry) => entry.view.id === view.id)) {
    updateView(view);
    return;
  }
  stack.push(makeEntry(view));
  draw(true);
}

/** New content for a view, wherever it stands in the stack. What was typed stays while its ids stay. */
export function updateView(view) {
  const entry = stack.find((one) => one.view.id === view.id);
  if (!entry) return;
  if (entry.view.hash && view.hash === entry.view.hash) return; // this very version is on show
  entry.view = view;
  entry.errors = {};
  entry.banner = null;
  drawBlocks(entry.surface, view.blocks);
  if (entry === top()) draw(false);
}

/** The view went away (or all of them). */
export function dropView(viewId, all = false) {
  const index = stack.findIndex((entry) => entry.view.id === viewId);
  if (all || index === 0) stack.length = 0;
  else if (index > 0) stack.splice(index);
  else return;
  draw(true);
}

export const openViews = () => stack.map((entry) => entry.view.id);

function makeEntry(view) {
  const entry = { view, errors: {}, banner: null, busy: false };
  entry.surface = new Surface({
    kind: "modal",
    container: () => ({ type: "view", view_id: entry.view.id }),
    submit: () => submit(entry),
    onChange: (block) => clearError(entry, block),
  });
  drawBlocks(entry.surface, view.blocks);
  return entry;
}

function clearError(entry, block) {
  if (!(block.block_id in entry.errors)) return;
  delete entry.errors[block.block_id];
  showFieldErrors(entry.surface, entry.errors);
}

function draw(fresh) {
  closeMenus();
  const entry = top();
  if (!entry) {
    closeDialog();
    return;
  }
  const titleId = freshId("modal-title");
  if (!dialog) {
    opener = document.activeElement;
    dialog = dialogFrame({ labelledBy: titleId, className: "modal", testid: "modal", onEscape: () => leave() });
    document.body.append(dialog);
    dialog.showModal();
  }
  dialog.setAttribute("aria-labelledby", titleId);
  dialog.setAttribute("data-view-id", entry.view.id);
  dialog.setAttribute("data-callback-id", entry.view.callback_id ?? "");
  dialog.setAttribute("data-depth", String(stack.length));
  const scrolled = dialog.querySelector(".modal-body")?.scrollTop ?? 0;
  const focused = !fresh && dialog.contains(document.activeElement) ? document.activeElement : null;
  const selection = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  const body = el("div", { class: "modal-body", tabindex: "-1" }, banner(entry), entry.surface.root);
  fill(dialog, header(entry, titleId), body, footer(entry));
  showFieldErrors(entry.surface, entry.errors);
  if (!fresh) body.scrollTop = scrolled;
  if (fresh) firstFocus(body);
  else if (focused?.isConnected) refocus(focused, selection);
}

function refocus(node, selection) {
  node.focus({ preventScroll: true });
  if (selection && selection[0] !== null && /^(text|search|url|tel|textarea)$/.test(node.type))
    node.setSelectionRange(...selection);
}

function firstFocus(body) {
  const wanted =
    body.querySelector("[autofocus]") ??
    body.querySelector("input:not([type=hidden]):not(:disabled), textarea, select") ??
    body.querySelector("button") ??
    body;
  wanted.focus();
}

function header(entry, titleId) {
  const app = appById(entry.view.app_id);
  return el(
    "div",
    { class: "modal-header" },
    stack.length > 1
      ? iconButton("back", "Back", () => leave(), { "data-testid": "modal-back" })
      : el(
          "span",
          { class: "modal-app", "aria-hidden": "true" },
          (app?.name ?? appName(null)).slice(0, 1).toUpperCase(),
        ),
    el("h2", { class: "modal-title", id: titleId, data: { testid: "modal-title" } }, textObject(entry.view.title)),
    iconButton("close", "Close", () => leave(true), { "data-testid": "modal-close" }),
  );
}

const needsFooter = (view) => view.submit || view.close || (view.blocks ?? []).some((block) => block.type === "input");

function footer(entry) {
  const { view } = entry;
  if (!needsFooter(view)) return null;
  const close = el(
    "button",
    { type: "button", class: "btn", data: { testid: "modal-cancel" }, on: { click: () => leave() } },
    textOf(view.close) || "Close",
  );
  if (!view.submit) return el("div", { class: "modal-footer" }, close);
  return el(
    "div",
    { class: "modal-footer" },
    close,
    el(
      "button",
      {
        type: "button",
        class: `btn btn-primary ${entry.busy ? "busy" : ""}`,
        disabled: entry.busy || view.submit_disabled === true,
        "aria-busy": entry.busy ? "true" : null,
        data: { testid: "modal-submit" },
        on: { click: () => submit(entry) },
      },
      textOf(view.submit),
    ),
  );
}

function banner(entry) {
  return (
    entry.banner &&
    el(
      "div",
      { class: "alert alert-error", role: "alert", data: { testid: "modal-error" } },
      icon("warn", 18),
      el("div", {}, entry.banner),
    )
  );
}

function closeDialog() {
  if (!dialog) return;
  dialog.close();
  dialog.remove();
  dialog = null;
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

/** The person leaves the top view (Esc, Cancel, Back), or the whole stack (the cross). */
function leave(all = false) {
  const entry = top();
  if (!entry) return;
  if (all) stack.length = 0;
  else stack.pop();
  draw(true);
  api.closeView(entry.view.id, all).catch(() => {}); // the modal is gone for the person whatever the app says
}

async function submit(entry) {
  if (entry.busy || entry !== top() || !entry.view.submit) return;
  entry.banner = null;
  entry.errors = validate(entry.view.blocks, entry.surface.values);
  if (Object.keys(entry.errors).length) {
    draw(false);
    showFirstError(entry);
    return;
  }
  entry.busy = true;
  draw(false);
  try {
    settle(entry, await api.submitView(entry.view.id, entry.surface.values.state(entry.view.blocks)));
  } catch (error) {
    entry.banner = error.message;
  } finally {
    entry.busy = false;
  }
  if (entry === top()) {
    draw(false);
    showFirstError(entry);
  }
}

function showFirstError(entry) {
  const first = showFieldErrors(entry.surface, entry.errors);
  first?.scrollIntoView({ block: "nearest" });
  first?.querySelector("input, textarea")?.focus({ preventScroll: true });
}

/** Act on what the app answered to a submission. */
function settle(entry, answer) {
  switch (answer.response_action) {
    case "errors": {
      const known = new Set((entry.view.blocks ?? []).map((block) => block.block_id));
      entry.errors = answer.errors ?? {};
      const lost = Object.entries(entry.errors).filter(([blockId]) => !known.has(blockId));
      if (lost.length) entry.banner = lost.map(([, message]) => message).join(" ");
      return;
    }
    case "timeout":
      entry.banner = api.sentence(answer);
      return;
    case "update":
      if (answer.view) replaceEntry(entry, answer.view);
      return;
    case "push":
      if (answer.view) pushView(answer.view);
      return;
    case "clear":
      dropView(stack[0].view.id, true);
      return;
    default:
      dropView(entry.view.id);
  }
}

/** An update keeps the view's id; should the server give a new one, the entry takes it over. */
function replaceEntry(entry, view) {
  if (view.id === entry.view.id) updateView(view);
  else {
    stack[stack.indexOf(entry)] = makeEntry(view);
    draw(true);
  }
}
