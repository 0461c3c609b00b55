// GitHub-flavoured Markdown, as Slack's "markdown" block understands it: headings, lists, task lists, quotes, code,
// tables, rules, and inline styles; Slack's <@U1> mentions and :emoji: work inside it too.

import { emoji } from "./emoji.js";
import { el, fragment, link } from "./dom.js";
import { control, emojiNode } from "./mrkdwn.js";

const BULLET = /^(\s*)([-*+]|\d{1,9}[.)])(?:\s+|$)/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const FENCE = /^( {0,3})(`{3,}|~{3,})\s*([^`]*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const MAX_DEPTH = 8; // deeper nesting is shown flat: no text can exhaust the stack

/** Render Markdown text as nodes. */
export function markdown(text) {
  return blocks(
    String(text ?? "")
      .replace(/\r\n?/g, "\n")
      .split("\n"),
    0,
  );
}

function blocks(lines, depth) {
  const out = fragment();
  let i = 0;
  while (i < lines.length) {
    if (lines[i].trim() === "") {
      i += 1;
      continue;
    }
    const taken =
      fence(lines, i) ??
      heading(lines, i) ??
      rule(lines, i) ??
      (depth < MAX_DEPTH ? (quote(lines, i, depth) ?? list(lines, i, depth)) : null) ??
      table(lines, i) ??
      paragraph(lines, i, depth);
    out.append(taken.node);
    i = taken.next;
  }
  return out;
}

function fence(lines, start) {
  const open = FENCE.exec(lines[start]);
  if (!open) return null;
  const body = [];
  let i = start + 1;
  const close = new RegExp(`^ {0,3}${open[2][0]}{${open[2].length},}\\s*$`);
  while (i < lines.length && !close.test(lines[i])) {
    body.push(lines[i].slice(Math.min(open[1].length, lines[i].length - lines[i].trimStart().length)));
    i += 1;
  }
  const language = open[3].trim().split(/\s/)[0] || null;
  return { node: el("pre", { class: "pre", data: { language } }, body.join("\n")), next: i + 1 };
}

function heading(lines, start) {
  const match = HEADING.exec(lines[start]);
  if (!match) return null;
  const level = match[1].length;
  // The page owns h1 and h2; the look follows the level of the text, the role keeps the outline truthful.
  return {
    node: el(
      "div",
      { class: `md-h md-h${level}`, role: "heading", "aria-level": String(Math.min(6, level + 2)) },
      inlineMarkdown(match[2]),
    ),
    next: start + 1,
  };
}

function rule(lines, start) {
  return RULE.test(lines[start]) ? { node: el("hr", { class: "divider" }), next: start + 1 } : null;
}

function quote(lines, start, depth) {
  if (!/^ {0,3}>/.test(lines[start])) return null;
  const body = [];
  let i = start;
  while (i < lines.length && lines[i].trim() !== "" && (/^ {0,3}>/.test(lines[i]) || !startsBlock(lines[i]))) {
    body.push(lines[i].replace(/^ {0,3}> ?/, ""));
    i += 1;
  }
  return { node: el("blockquote", { class: "quote" }, blocks(body, depth + 1)), next: i };
}

const startsBlock = (line) => HEADING.test(line) || RULE.test(line) || FENCE.test(line) || BULLET.test(line);

function list(lines, start, depth) {
  const first = BULLET.exec(lines[start]);
  if (!first || RULE.test(lines[start])) return null;
  const ordered = /\d/.test(first[2]);
  const indent = first[1].length;
  const begin = ordered ? Number.parseInt(first[2], 10) : null;
  const node = el(ordered ? "ol" : "ul", { class: "list", start: ordered && begin !== 1 ? begin : null });
  let i = start;
  while (i < lines.length) {
    const item = BULLET.exec(lines[i]);
    if (!item || item[1].length > indent + 1 || item[1].length < indent || /\d/.test(item[2]) !== ordered) break;
    const taken = listItem(lines, i, item, depth);
    node.append(taken.node);
    i = taken.next;
  }
  return { node, next: i };
}

function listItem(lines, start, match, depth) {
  const inner = match[0].length;
  const body = [lines[start].slice(inner)];
  let i = start + 1;
  while (i < lines.length) {
    const line = lines[i];
    const indent = line.length - line.trimStart().length;
    const blank = line.trim() === "";
    if (blank && !(lines[i + 1] !== undefined && /^\s{2,}\S/.test(lines[i + 1]))) break;
    if (!blank && indent < Math.min(inner, match[1].length + 2) && (startsBlock(line) || lines[i - 1].trim() === ""))
      break;
    body.push(line.slice(Math.min(indent, inner)));
    i += 1;
  }
  while (i < lines.length && lines[i].trim() === "" && BULLET.test(lines[i + 1] ?? "")) i += 1;
  const task = /^\[([ xX])\]\s+/.exec(body[0]);
  if (task) body[0] = body[0].slice(task[0].length);
  const content = blocks(body, depth + 1);
  unwrapSingleParagraph(content);
  const box =
    task &&
    el("input", {
      type: "checkbox",
      disabled: true,
      checked: task[1] !== " ",
      "aria-label": task[1] === " " ? "to do" : "done",
    });
  return { node: el("li", { class: task ? "task" : null }, box, content), next: i };
}

/** A tight list item shows its words without paragraph spacing. */
function unwrapSingleParagraph(content) {
  const first = content.firstElementChild;
  if (first?.nodeName === "P") first.replaceWith(...first.childNodes);
}

function table(lines, start) {
  if (!lines[start].includes("|") || !TABLE_RULE.test(lines[start + 1] ?? "") || !lines[start + 1].includes("-"))
    return null;
  const head = cells(lines[start]);
  const rules = cells(lines[start + 1]);
  if (head.length !== rules.length) return null;
  const aligns = rules.map((r) => (/^:-+:$/.test(r) ? "center" : /-:$/.test(r) ? "right" : null));
  const row = (tag, values) =>
    el(
      "tr",
      {},
      head.map((_, column) =>
        el(
          tag,
          { class: aligns[column] && `align-${aligns[column]}`, scope: tag === "th" ? "col" : null },
          inlineMarkdown(values[column] ?? ""),
        ),
      ),
    );
  const body = el("tbody");
  let i = start + 2;
  while (i < lines.length && lines[i].trim() !== "" && lines[i].includes("|")) {
    body.append(row("td", cells(lines[i])));
    i += 1;
  }
  const node = el(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    el("table", { class: "grid" }, el("thead", {}, row("th", head)), body),
  );
  return { node, next: i };
}

function cells(line) {
  const bare = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return bare.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
}

function paragraph(lines, start, depth) {
  const body = [lines[start]];
  let i = start + 1;
  while (
    i < lines.length &&
    lines[i].trim() !== "" &&
    !(depth < MAX_DEPTH && startsBlock(lines[i])) &&
    !/^ {0,3}>/.test(lines[i]) &&
    !(lines[i].includes("|") && TABLE_RULE.test(lines[i + 1] ?? ""))
  ) {
    body.push(lines[i]);
    i += 1;
  }
  return { node: el("p", {}, inlineMarkdown(body.map((line) => line.trimStart()).join("\n"))), next: i };
}

// Longest marks first, or ** would be read as two single stars.
const MARKS = [
  ["***", ["strong", "em"]],
  ["___", ["strong", "em"]],
  ["**", ["strong"]],
  ["__", ["strong"]],
  ["~~", ["s"]],
  ["*", ["em"]],
  ["_", ["em"]],
  ["~", ["s"]],
];

/** Render the inline Markdown of one paragraph, heading or cell. */
export function inlineMarkdown(text, depth = 0) {
  const out = fragment();
  const hopeless = new Set();
  let plain = "";
  let i = 0;
  while (i < text.length) {
    const step =
      escapeAt(text, i) ??
      codeAt(text, i) ??
      linkAt(text, i, depth) ??
      angleAt(text, i) ??
      (depth < MAX_DEPTH ? emphasisAt(text, i, depth, hopeless) : null) ??
      emojiAt(text, i) ??
      urlAt(text, i) ??
      breakAt(text, i);
    if (!step) {
      plain += text[i];
      i += 1;
      continue;
    }
    if (plain) out.append(plain);
    plain = "";
    out.append(...[step.node].flat());
    i = step.end;
  }
  if (plain) out.append(plain);
  return out;
}

function escapeAt(text, i) {
  return text[i] === "\\" && /[!-/:-@[-`{-~]/.test(text[i + 1] ?? "") ? { node: text[i + 1], end: i + 2 } : null;
}

function codeAt(text, i) {
  const ticks = text[i] === "`" && /^`+/.exec(text.slice(i, i + 20));
  if (!ticks) return null;
  const end = text.indexOf(ticks[0], i + ticks[0].length);
  if (end < 0) return { node: ticks[0], end: i + ticks[0].length };
  return {
    node: el("code", { class: "code" }, text.slice(i + ticks[0].length, end).trim()),
    end: end + ticks[0].length,
  };
}

function linkAt(text, i, depth) {
  const match =
    (text[i] === "[" || (text[i] === "!" && text[i + 1] === "[")) &&
    /^!?\[([^\]]*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+"[^"]*")?\s*\)/.exec(text.slice(i, i + 4000));
  // Slack shows Markdown images as links to them.
  return match
    ? {
        node: link(match[2], depth < MAX_DEPTH ? inlineMarkdown(match[1] || match[2], MAX_DEPTH) : match[1]),
        end: i + match[0].length,
      }
    : null;
}

function angleAt(text, i) {
  if (text[i] !== "<") return null;
  const end = text.indexOf(">", i);
  const node = end > 0 && end - i < 3000 ? control(text.slice(i + 1, end)) : null;
  return node ? { node, end: end + 1 } : null;
}

const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

function emphasisAt(text, i, depth, hopeless) {
  for (const [mark, tags] of MARKS) {
    if (!text.startsWith(mark, i) || hopeless.has(mark) || /^\s?$/.test(text[i + mark.length] ?? "")) continue;
    if (mark[0] === "_" && isWord(text[i - 1])) return null;
    const end = closing(text, i + mark.length, mark);
    if (end < 0) {
      hopeless.add(mark);
      continue;
    }
    let node = inlineMarkdown(text.slice(i + mark.length, end), depth + 1);
    for (const tag of [...tags].reverse()) node = el(tag, {}, node);
    return { node, end: end + mark.length };
  }
  // A lone run of marks is text; take it whole so that it is not tried again mark by mark.
  const run = /^[*_~]+/.exec(text.slice(i, i + 50));
  return run ? { node: run[0], end: i + run[0].length } : null;
}

function closing(text, from, mark) {
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === "`") {
      const end = text.indexOf("`", i + 1);
      if (end > 0) i = end;
    } else if (text.startsWith(mark, i) && i > from && !/\s/.test(text[i - 1])) {
      const after = text[i + mark.length];
      if (mark.length === 1 && (after === mark || text[i - 1] === mark)) continue;
      if (mark[0] === "_" && isWord(after)) continue;
      return i;
    }
  }
  return -1;
}

function emojiAt(text, i) {
  const match = text[i] === ":" && /^:([a-z0-9_+'-]+):/.exec(text.slice(i, i + 60));
  const character = match && emoji(match[1]);
  return character ? { node: emojiNode(match[1], character), end: i + match[0].length } : null;
}

function urlAt(text, i) {
  const match = text[i] === "h" && !isWord(text[i - 1]) && /^https?:\/\/[^\s<>"'`|]+/.exec(text.slice(i, i + 3000));
  if (!match) return null;
  const address = match[0].replace(/[.,;:!?)\]*_~]+$/, "");
  return { node: link(address, address), end: i + address.length };
}

/** Two spaces or a backslash before the end of a line break it; Slack breaks at every line end, so does the page. */
function breakAt(text, i) {
  const match = /^(?: *\\?)\n/.exec(text.slice(i, i + 20));
  return match ? { node: el("br"), end: i + match[0].length } : null;
}
