// What floats above the page: menus, panels next to a control, dialogs, toasts. Dialogs are <dialog> elements, which
// bring the focus trap and hide the rest from screen readers; a panel opened inside one lives inside it.

import { append, el, fill, freshId, icon } from "./dom.js";

/** The element a floating panel must be put in to lie above `anchor`. */
export const layerOf = (anchor) => anchor.closest("dialog") ?? document.body;

/** Place `panel` (position: fixed) below `anchor`, or above when there is more room; never off the screen. */
export function place(panel, anchor, { align = "start", matchWidth = false } = {}) {
  const box = anchor.getBoundingClientRect();
  if (matchWidth) panel.style.minWidth = `${Math.max(box.width, 180)}px`;
  const below = window.innerHeight - box.bottom - 12;
  const above = box.top - 12;
  const up = below < Math.min(panel.scrollHeight, 240) && above > below;
  panel.style.maxHeight = `${Math.max(120, Math.min(340, up ? above : below))}px`;
  const size = panel.getBoundingClientRect();
  const left = align === "end" ? box.right - size.width : box.left;
  panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - size.width - 8))}px`;
  panel.style.top = up ? `${Math.max(8, box.top - size.height - 4)}px` : `${box.bottom + 4}px`;
}

/** Call `close` when the person presses the pointer outside of the given nodes. Returns a function that stops it. */
export function onOutside(nodes, close) {
  const listener = (event) => {
    if (!nodes.some((node) => node.contains(event.target))) close();
  };
  document.addEventListener("pointerdown", listener, true);
  return () => document.removeEventListener("pointerdown", listener, true);
}

let closeOpenMenu = null;

/**
 * Open a menu at `anchor`. Items: {label, description?, icon?, danger?, href?, run, data?} or {heading} or {line: true}.
 * Arrow keys move, Enter chooses, Esc closes and gives the focus back.
 */
export function openMenu(anchor, items, { align = "start", label = "Menu", testid = "menu" } = {}) {
  closeOpenMenu?.();
  const panel = el("div", { class: "menu", role: "menu", "aria-label": label, data: { testid } });
  const close = (focusBack) => {
    panel.remove();
    stopOutside();
    anchor.setAttribute("aria-expanded", "false");
    closeOpenMenu = null;
    if (focusBack && anchor.isConnected) anchor.focus();
  };
  for (const item of items) panel.append(menuItem(item, () => close(true)));
  panel.addEventListener("keydown", (event) => menuKeys(event, panel, close));
  const stopOutside = onOutside([panel, anchor], () => close(false));
  closeOpenMenu = () => close(false);
  anchor.setAttribute("aria-haspopup", "menu");
  anchor.setAttribute("aria-expanded", "true");
  layerOf(anchor).append(panel);
  place(panel, anchor, { align });
  panel.querySelector("[role=menuitem]")?.focus();
}

function menuItem(item, close) {
  if (item.line) return el("div", { class: "menu-line", role: "separator" });
  if (item.heading) return el("div", { class: "menu-heading", role: "presentation" }, item.heading);
  return el(
    "button",
    {
      type: "button",
      role: "menuitem",
      tabindex: "-1",
      class: `menu-item ${item.danger ? "danger" : ""}`,
      data: item.data ?? {},
      on: {
        click: () => {
          close();
          item.run();
        },
      },
    },
    item.icon ? (typeof item.icon === "string" ? icon(item.icon, 16) : item.icon) : null,
    el(
      "span",
      { class: "menu-words" },
      item.label,
      item.description ? el("span", { class: "menu-description" }, item.description) : null,
    ),
  );
}

function menuKeys(event, panel, close) {
  const entries = [...panel.querySelectorAll("[role=menuitem]")];
  const at = entries.indexOf(document.activeElement);
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 };
  if (event.key in moves) {
    event.preventDefault();
    entries[(moves[event.key] + entries.length) % entries.length]?.focus();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close(true);
  } else if (event.key === "Tab") close(true);
}

/** Close whatever menu is open (the page under it is about to change). */
export const closeMenus = () => closeOpenMenu?.();

/** A panel of any content at `anchor` (the reaction picker). Returns its close function. */
export function openPanel(anchor, content, { label, align = "end", testid } = {}) {
  closeOpenMenu?.();
  const panel = el("div", { class: "panel", role: "dialog", "aria-label": label, data: { testid } }, content);
  const close = () => {
    panel.remove();
    stopOutside();
    closeOpenMenu = null;
    if (anchor.isConnected) anchor.focus();
  };
  const stopOutside = onOutside([panel, anchor], close);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  closeOpenMenu = close;
  layerOf(anchor).append(panel);
  place(panel, anchor, { align });
  panel.querySelector("input, button")?.focus();
  return close;
}

/** A modal <dialog> frame; the caller fills it and calls `showModal`. Esc calls `onEscape`. */
export function dialogFrame({ label, labelledBy, className = "", testid, onEscape }) {
  const dialog = el("dialog", {
    class: `dialog ${className}`,
    "aria-label": label,
    "aria-labelledby": labelledBy,
    "aria-modal": "true",
    data: { testid },
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    onEscape();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    onEscape();
  });
  return dialog;
}

/** Ask before a dangerous click, by Slack's confirm object. Resolves to true when the person agrees. */
export function confirmDialog(confirm, render) {
  return new Promise((resolve) => {
    const titleId = freshId("confirm");
    const done = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const dialog = dialogFrame({
      labelledBy: titleId,
      className: "confirm",
      testid: "confirm",
      onEscape: () => done(false),
    });
    append(dialog, [
      el("h2", { class: "confirm-title", id: titleId }, render(confirm.title ?? "Are you sure?")),
      el("div", { class: "confirm-text" }, render(confirm.text)),
      el(
        "div",
        { class: "dialog-buttons" },
        el(
          "button",
          { type: "button", class: "btn", data: { testid: "confirm-deny" }, on: { click: () => done(false) } },
          render(confirm.deny ?? "Cancel"),
        ),
        el(
          "button",
          {
            type: "button",
            class: `btn ${confirm.style === "danger" ? "btn-danger" : "btn-primary"}`,
            data: { testid: "confirm-ok" },
            on: { click: () => done(true) },
          },
          render(confirm.confirm ?? "Yes"),
        ),
      ),
    ]);
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[data-testid=confirm-ok]").focus();
  });
}

/** A short notice at the bottom of the page; errors stay longer. Kind: "info" or "error". */
export function toast(text, kind = "info") {
  const holder = document.getElementById("toasts");
  const node = el(
    "div",
    { class: `toast toast-${kind}`, role: kind === "error" ? "alert" : "status", data: { testid: "toast" } },
    icon(kind === "error" ? "warn" : "info", 16),
    el("span", {}, text),
  );
  holder.append(node);
  setTimeout(() => node.remove(), kind === "error" ? 9000 : 4500);
}

/** Show a picture large; any click or Esc closes. */
export function lightbox(url, alt) {
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const dialog = dialogFrame({ label: alt || "Image", className: "lightbox", testid: "lightbox", onEscape: close });
  fill(
    dialog,
    el(
      "button",
      { type: "button", class: "lightbox-close", "aria-label": "Close image", on: { click: close } },
      el("img", { src: url, alt: alt ?? "" }),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
