// The framed blocks: card, carousel, container, alert, and what an agent shows while it works: plan and task_card.

import { el, icon, iconButton, link } from "./dom.js";
import { picture } from "./elements.js";
import { textObject, textOf } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const ALERT_ICONS = { default: "info", info: "info", warning: "warn", error: "warn", success: "check" };

/** alert: one line that must be seen (modals only). */
export function alertBox(block) {
  const level = ALERT_ICONS[block.level] ? block.level : "default";
  return el(
    "div",
    { class: `alert alert-${level}`, role: level === "error" || level === "warning" ? "alert" : "status" },
    icon(ALERT_ICONS[level], 18),
    el("div", {}, textObject(block.text)),
  );
}

/** card: a picture, a title, a few words, up to three buttons. */
export function card(block, surface, renderElement) {
  return el(
    "div",
    { class: "card" },
    block.hero_image ? picture(block.hero_image, "card-hero") : null,
    el(
      "div",
      { class: "card-body" },
      block.icon || block.title || block.subtitle
        ? el(
            "div",
            { class: "card-head" },
            block.icon ? picture(block.icon, "card-icon") : null,
            el(
              "div",
              {},
              block.title ? el("div", { class: "card-title" }, textObject(block.title)) : null,
              block.subtitle ? el("div", { class: "muted" }, textObject(block.subtitle)) : null,
            ),
          )
        : null,
      block.body ? el("div", { class: "card-text" }, textObject(block.body)) : null,
      block.subtext ? el("div", { class: "muted" }, textObject(block.subtext)) : null,
      block.actions?.length
        ? el(
            "div",
            { class: "actions" },
            block.actions.map((element) => renderElement(element, block, surface)),
          )
        : null,
    ),
  );
}

/** carousel: cards in a row that scrolls; the arrows move by one card. */
export function carousel(block, surface, renderElement) {
  const track = el(
    "div",
    { class: "carousel-track", tabindex: "0", role: "group", "aria-label": "Cards" },
    (block.elements ?? []).map((element) => {
      const node = card(element, surface, renderElement);
      if (element.block_id) node.setAttribute("data-block-id", element.block_id);
      return node;
    }),
  );
  const move = (step) =>
    track.scrollBy({
      left: step * (track.firstElementChild?.getBoundingClientRect().width ?? 260),
      behavior: "smooth",
    });
  return el(
    "div",
    { class: "carousel" },
    track,
    el(
      "div",
      { class: "carousel-arrows" },
      iconButton("left", "Previous card", () => move(-1)),
      iconButton("right", "Next card", () => move(1)),
    ),
  );
}

/** container: a frame with a title around other blocks; may fold. */
export function container(block, surface, renderBlock) {
  const width = ["narrow", "standard", "wide", "full"].includes(block.width) ? block.width : "standard";
  const children = el(
    "div",
    { class: "container-body" },
    (block.child_blocks ?? []).map((child) => renderBlock(child, surface)),
  );
  const words = el(
    "span",
    { class: "container-words" },
    el(
      "span",
      { class: "container-title" },
      block.rich_text_title ? richText(block.rich_text_title) : textObject(block.title),
    ),
    block.subtitle ? el("span", { class: "muted" }, textObject(block.subtitle)) : null,
  );
  const picked = block.icon ? picture(block.icon, "card-icon") : null;
  if (!block.is_collapsible) {
    return el(
      "div",
      { class: `container container-${width} ${block.has_header_divider ? "container-ruled" : ""}` },
      el("div", { class: "container-head" }, picked, words),
      children,
    );
  }
  const details = el(
    "details",
    { class: `container container-${width}`, open: !block.default_collapsed },
    el("summary", { class: "container-head" }, picked, words, el("span", { class: "fold" }, icon("down", 16))),
    children,
  );
  return details;
}

const STATUS = {
  pending: ["Pending", null],
  in_progress: ["In progress", null],
  complete: ["Complete", "check"],
  error: ["Failed", "close"],
};

/** task_card: one step of work with its state, details, output and sources. */
export function taskCard(block) {
  const status = STATUS[block.status] ? block.status : "pending";
  const [label, glyph] = STATUS[status];
  const more = [
    block.details ? el("div", { class: "task-details" }, richText(block.details)) : null,
    block.output ? el("div", { class: "task-output" }, richText(block.output)) : null,
    block.sources?.length
      ? el(
          "div",
          { class: "sources" },
          block.sources.map((source) => link(source.url, source.text || source.url)),
        )
      : null,
  ].filter(Boolean);
  const head = [
    el("span", { class: `task-mark task-${status}`, role: "img", "aria-label": label }, glyph ? icon(glyph, 12) : null),
    el("span", { class: "task-title" }, textOf(block.title)),
  ];
  if (!more.length)
    return el(
      "div",
      { class: "task", data: { taskId: block.task_id, status } },
      el("div", { class: "task-head" }, head),
    );
  return el(
    "details",
    { class: "task", open: true, data: { taskId: block.task_id, status } },
    el("summary", { class: "task-head" }, head, el("span", { class: "fold" }, icon("down", 14))),
    more,
  );
}

/** plan: a titled list of task cards and how many are done. */
export function plan(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === "complete").length;
  return el(
    "div",
    { class: "plan" },
    el(
      "div",
      { class: "plan-head" },
      el("span", { class: "plan-title" }, textOf(block.title)),
      tasks.length ? el("span", { class: "muted" }, `${done} of ${tasks.length} done`) : null,
    ),
    el(
      "div",
      { role: "list" },
      tasks.map((task) => el("div", { role: "listitem" }, taskCard(task))),
    ),
  );
}
