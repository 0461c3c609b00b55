// The rich_text block: sections, lists, quotes and preformatted text made of typed parts.

import { cssColor, groupHandle } from "./directory.js";
import { emoji } from "./emoji.js";
import { el, fragment, link } from "./dom.js";
import { broadcast, channelMention, dateNode, emojiNode, userMention } from "./mrkdwn.js";

/** Render a rich_text block (also used for cells, task details and titles). */
export function richText(block) {
  const out = fragment();
  const elements = block?.elements ?? [];
  for (let i = 0; i < elements.length; i += 1) {
    if (elements[i].type === "rich_text_list") {
      let end = i;
      while (elements[end + 1]?.type === "rich_text_list") end += 1;
      out.append(lists(elements.slice(i, end + 1)));
      i = end;
    } else out.append(group(elements[i]));
  }
  return out;
}

function group(element) {
  const parts = () => (element.elements ?? []).map(part);
  switch (element.type) {
    case "rich_text_section":
      return el("div", { class: "rt-section" }, parts());
    case "rich_text_quote":
      return el("blockquote", { class: "quote" }, parts());
    case "rich_text_preformatted":
      return el("pre", { class: "pre", data: { language: element.language } }, parts());
    default:
      return el("span", { class: "unsupported-inline" }, `unsupported rich text: ${element.type}`);
  }
}

/** Neighbouring lists with growing `indent` are one nested list. `offset` continues an ordered list's numbers. */
function lists(elements) {
  const out = fragment();
  for (const element of elements) {
    const indent = element.indent ?? 0;
    const ordered = element.style === "ordered";
    const items = (element.elements ?? []).map((item) => el("li", {}, (item.elements ?? []).map(part)));
    out.append(
      el(
        ordered ? "ol" : "ul",
        {
          class: `list indent-${Math.min(indent, 8)} ${element.border ? "list-border" : ""}`,
          start: ordered && element.offset ? element.offset + 1 : null,
        },
        items,
      ),
    );
  }
  return out;
}

function part(value) {
  switch (value.type) {
    case "text":
      return styled(text(value.text), value.style);
    case "link":
      return styled(link(value.url, value.text || value.url), value.style);
    case "user":
      return styled(userMention(value.user_id), value.style);
    case "channel":
      return styled(channelMention(value.channel_id), value.style);
    case "usergroup":
      return styled(el("span", { class: "mention" }, `@${groupHandle(value.usergroup_id)}`), value.style);
    case "team":
      return styled(el("span", { class: "mention" }, value.team_id), value.style);
    case "broadcast":
      return styled(broadcast(value.range), value.style);
    case "emoji":
      return emojiPart(value);
    case "date":
      return styled(dateNode(value.timestamp, value.format, value.url), value.style);
    case "color":
      return el("span", { class: "color-chip" }, colorSwatch(value.value), value.value);
    default:
      return el("span", { class: "unsupported-inline" }, `unsupported: ${value.type}`);
  }
}

function text(value) {
  const out = fragment();
  String(value ?? "")
    .split("\n")
    .forEach((line, index) => {
      if (index > 0) out.append(el("br"));
      if (line) out.append(line);
    });
  return out;
}

function styled(node, style = {}) {
  let out = node;
  if (style?.code) out = el("code", { class: "code" }, out);
  if (style?.bold) out = el("strong", {}, out);
  if (style?.italic) out = el("em", {}, out);
  if (style?.strike) out = el("s", {}, out);
  if (style?.underline) out = el("u", {}, out);
  return out;
}

function emojiPart(value) {
  const fromUnicode =
    value.unicode &&
    /^[0-9a-f]+(-[0-9a-f]+)*$/i.test(value.unicode) &&
    String.fromCodePoint(...value.unicode.split("-").map((code) => Math.min(Number.parseInt(code, 16), 0x10ffff)));
  const character = emoji(value.name, value.skin_tone) ?? (fromUnicode || null);
  return character ? emojiNode(value.name, character) : fragment(`:${value.name}:`);
}

function colorSwatch(value) {
  const swatch = el("span", { class: "color-swatch" });
  swatch.style.backgroundColor = cssColor(value);
  return swatch;
}

/** The words of a rich_text block, for sorting and accessible names. */
export function richTextPlain(block) {
  const holder = el("div");
  holder.append(richText(block));
  return holder.textContent;
}
