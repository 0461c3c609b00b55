// Slack's own markup ("mrkdwn") as DOM nodes. The text arrives with &, < and > escaped, and with control sequences
// such as <@U1>, <#C1>, <!here>, <!date^…> and <https://…|label> written between angle brackets.

import { clock, formatDate } from "./dates.js";
import { channel, channelName, groupHandle, myId, person, personName } from "./directory.js";
import { emoji } from "./emoji.js";
import { el, fragment, link } from "./dom.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const BARE_URL = /^https?:\/\/[^\s<>|"'`]+/;

/** Turn the three escapes of Slack text back into characters. */
export function unescape(text) {
  return String(text).replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** Render mrkdwn text. `options.verbatim` leaves bare web addresses as plain text. */
export function mrkdwn(text, options = {}) {
  const out = fragment();
  const parts = String(text ?? "").split("```");
  // A fence that is never closed is no fence: an even number of parts means that the last one is plain text.
  if (parts.length % 2 === 0) {
    const open = parts.pop();
    parts.push(`${parts.pop()}\`\`\`${open}`);
  }
  parts.forEach((part, index) => {
    if (index % 2 === 1) out.append(preformatted(part));
    else renderLines(part, out, options);
  });
  return out;
}

function preformatted(text) {
  const node = el("pre", { class: "pre" });
  node.append(...codeContent(text.replace(/^\n/, "").replace(/\n$/, "")));
  return node;
}

/** Inside code nothing is styled, but links and mentions still resolve, as Slack does. */
function codeContent(text) {
  return text
    .split(/(<[^<>\n]+>)/)
    .map((part) => (/^<[^<>\n]+>$/.test(part) ? (control(part.slice(1, -1)) ?? unescape(part)) : unescape(part)));
}

function renderLines(text, out, options) {
  let quote = null;
  const lines = text.split("\n");
  // The line breaks next to a fence belong to the fence, which is a block of its own.
  if (out.lastChild?.nodeName === "PRE" && lines[0] === "") lines.shift();
  let needsBreak = false;
  for (let i = 0; i < lines.length; i += 1) {
    const long = /^(?:&gt;|>){3}\s?/.exec(lines[i]);
    if (long) {
      const node = el("blockquote", { class: "quote" });
      renderPlainLines([lines[i].slice(long[0].length), ...lines.slice(i + 1)], node, options);
      out.append(node);
      return;
    }
    const short = /^(?:&gt;|>)\s?/.exec(lines[i]);
    if (short) {
      if (quote === null) {
        quote = el("blockquote", { class: "quote" });
        out.append(quote);
      } else quote.append(el("br"));
      quote.append(inline(lines[i].slice(short[0].length), options));
      needsBreak = false;
      continue;
    }
    quote = null;
    if (needsBreak) out.append(el("br"));
    out.append(inline(lines[i], options));
    needsBreak = true;
  }
}

function renderPlainLines(lines, out, options) {
  lines.forEach((line, index) => {
    if (index > 0) out.append(el("br"));
    out.append(inline(line, options));
  });
}

/** Render one line: styles, code, links, mentions, emoji. */
export function inline(line, options = {}) {
  const out = fragment();
  renderSpan(line, out, { ...options, closed: new Set() });
  return out;
}

function renderSpan(text, out, options) {
  const hopeless = new Set(); // delimiters known to have no partner later in this span: keeps the scan linear
  let plain = "";
  const flush = () => {
    if (plain) out.append(unescape(plain));
    plain = "";
  };
  let i = 0;
  while (i < text.length) {
    const step =
      controlAt(text, i) ??
      codeAt(text, i, hopeless) ??
      styleAt(text, i, options, hopeless) ??
      emojiAt(text, i) ??
      urlAt(text, i, options);
    if (step) {
      flush();
      out.append(step.node);
      i = step.end;
    } else {
      plain += text[i];
      i += 1;
    }
  }
  flush();
}

function controlAt(text, i) {
  if (text[i] !== "<") return null;
  const end = text.indexOf(">", i);
  if (end < 0) return null;
  const node = control(text.slice(i + 1, end));
  return node && { node, end: end + 1 };
}

function codeAt(text, i, hopeless) {
  if (text[i] !== "`" || hopeless.has("`")) return null;
  const end = text.indexOf("`", i + 1);
  if (end < 0) {
    hopeless.add("`");
    return null;
  }
  if (end === i + 1) return null;
  const node = el("code", { class: "code" });
  node.append(...codeContent(text.slice(i + 1, end)));
  return { node, end: end + 1 };
}

const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isSpace = (character) => character === undefined || /\s/.test(character);

function styleAt(text, i, options, hopeless) {
  const mark = text[i];
  const tag = STYLES[mark];
  if (!tag || options.closed.has(mark) || hopeless.has(mark)) return null;
  if (isWord(text[i - 1]) || text[i - 1] === mark || isSpace(text[i + 1]) || text[i + 1] === mark) return null;
  const end = closing(text, i, mark);
  if (end < 0) {
    hopeless.add(mark);
    return null;
  }
  const node = el(tag);
  renderSpan(text.slice(i + 1, end), node, { ...options, closed: new Set([...options.closed, mark]) });
  return { node, end: end + 1 };
}

/** Where the style opened at `start` closes: not after a space, not before a letter, not inside code or <…>. */
function closing(text, start, mark) {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === "`" || text[i] === "<") {
      const end = text.indexOf(text[i] === "`" ? "`" : ">", i + 1);
      if (end > 0) i = end;
    } else if (text[i] === mark && !isSpace(text[i - 1]) && !isWord(text[i + 1]) && text[i + 1] !== mark) return i;
  }
  return -1;
}

function emojiAt(text, i) {
  if (text[i] !== ":") return null;
  const match = /^:([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:/.exec(text.slice(i, i + 80));
  const character = match && emoji(match[1], match[2]);
  return character ? { node: emojiNode(match[1], character), end: i + match[0].length } : null;
}

/** An emoji that a screen reader names by its short name. */
export function emojiNode(name, character) {
  return el(
    "span",
    { class: "emoji", role: "img", "aria-label": `${name.replace(/_/g, " ")} emoji`, title: `:${name}:` },
    character,
  );
}

function urlAt(text, i, options) {
  if (options.verbatim || text[i] !== "h" || isWord(text[i - 1])) return null;
  const match = BARE_URL.exec(text.slice(i, i + 3000));
  if (!match) return null;
  const address = match[0].replace(/(?:[.,;:!?)\]*_~]|&gt;|&lt;)+$/, "");
  return { node: link(unescape(address), unescape(address)), end: i + address.length };
}

/** The node of one control sequence (what stands between < and >), or null when it is not one. */
export function control(body) {
  const cut = body.indexOf("|");
  const target = cut < 0 ? body : body.slice(0, cut);
  const label = cut < 0 ? null : body.slice(cut + 1);
  if (/^@[UWB][A-Z0-9]+$/.test(target)) return userMention(target.slice(1), label);
  if (/^#[CGD][A-Z0-9]+$/.test(target)) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  if (/^(https?:\/\/|mailto:|tel:)/i.test(target)) {
    const shown = unescape(label || target.replace(/^(mailto|tel):/i, ""));
    return link(unescape(target), shown);
  }
  return null;
}

/** "@Maya Chen", marked when it is the person looking. */
export function userMention(id, label = null) {
  const name = person(id) ? personName(id) : unescape(label ?? id).replace(/^@/, "");
  return el("span", { class: id === myId() ? "mention mention-me" : "mention", data: { user: id } }, `@${name}`);
}

/** "#growth" as a link within the workspace. */
export function channelMention(id, label = null) {
  const name = channel(id) ? channelName(id) : unescape(label || "private-channel").replace(/^#/, "");
  return el("a", { class: "mention", href: `#/${id}`, data: { mentionChannel: id } }, `#${name}`);
}

/** "@here", "@channel", "@everyone". */
export const broadcast = (range) => el("span", { class: "mention mention-me" }, `@${range}`);

function special(body, label) {
  const [kind, ...rest] = body.split("^");
  if (kind === "date") return dateToken(rest, label);
  if (kind === "here" || kind === "channel" || kind === "everyone") return broadcast(kind);
  if (kind === "subteam") return el("span", { class: "mention" }, unescape(label ?? `@${groupHandle(rest[0])}`));
  return label === null ? null : fragment(unescape(label));
}

function dateToken([seconds, format, href], fallback) {
  const time = Number(seconds);
  if (!Number.isFinite(time) || !format) return fragment(unescape(fallback ?? ""));
  return dateNode(time, unescape(format), href && unescape(href));
}

/** A moment written by a Slack date format; the full time shows on hover. */
export function dateNode(seconds, format, href = null) {
  const node = el(
    "time",
    {
      datetime: new Date(seconds * 1000).toISOString(),
      title: `${formatDate(seconds, "{date_long}")} ${clock(seconds)}`,
      class: "date",
    },
    formatDate(seconds, format),
  );
  return href ? link(href, node) : node;
}

/** The words alone, for notifications and accessible names. */
export function plainText(text) {
  const holder = el("div");
  holder.append(mrkdwn(text));
  return holder.textContent;
}

/** A Slack text object (plain_text or mrkdwn, or a bare string) as nodes. */
export function textObject(value, options = {}) {
  if (value === null || value === undefined) return fragment();
  if (typeof value === "string") return fragment(value);
  if (value.type === "mrkdwn") return mrkdwn(value.text, { verbatim: value.verbatim, ...options });
  return plainObject(value);
}

/** Plain text keeps its line breaks; its emoji names become emoji unless `emoji` is false. */
function plainObject(value) {
  const out = fragment();
  String(value.text ?? "")
    .split("\n")
    .forEach((line, index) => {
      if (index > 0) out.append(el("br"));
      if (value.emoji === false) out.append(line);
      else out.append(...plainEmoji(line));
    });
  return out;
}

function plainEmoji(line) {
  return line.split(/(:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)/).map((part) => {
    const name = /^:(.+):$/.exec(part)?.[1];
    const character = name && emoji(name);
    return character ? emojiNode(name, character) : part;
  });
}

/** The string of a text object, for labels and attributes. */
export function textOf(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value.type === "mrkdwn") return plainText(value.text);
  return value.emoji === false ? String(value.text ?? "") : plainEmojiText(value.text);
}

function plainEmojiText(text) {
  const holder = el("span");
  holder.append(plainObject({ text }));
  return holder.textContent;
}
