// What hangs below a message's words: attachments (legacy ones and unfurled links) and files.

import { fileUrl } from "./api.js";
import { collapse, staticBlocks } from "./blocks.js";
import { fileSize, formatDate } from "./dates.js";
import { cssColor } from "./directory.js";
import { el, icon, link, safeImage } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { lightbox } from "./overlays.js";

const NAMED = { good: "2eb67d", warning: "ecb22e", danger: "e01e5a" };
const LONG = { characters: 700, lines: 6 };

const image = (url, className, alt = "") => {
  const source = safeImage(url);
  return source
    ? el("img", { src: source, alt, class: className, on: { error: (event) => event.target.remove() } })
    : null;
};

/** One attachment: a coloured bar, then blocks or the older fields. */
export function attachment(value, surface) {
  const text = value.text && el("div", { class: "attachment-text" }, mrkdwn(value.text));
  if (text) collapse(text, value.text, LONG.characters, LONG.lines);
  const body = el(
    "div",
    { class: "attachment-body" },
    value.service_name || value.author_name
      ? el(
          "div",
          { class: "attachment-author" },
          image(value.service_icon || value.author_icon, "image-context"),
          value.author_link ? link(value.author_link, value.author_name) : value.author_name || value.service_name,
        )
      : null,
    value.title
      ? el(
          "div",
          { class: "attachment-title" },
          value.title_link ? link(value.title_link, mrkdwn(value.title)) : mrkdwn(value.title),
        )
      : null,
    text,
    value.blocks ? el("div", { class: "blocks" }, staticBlocks(value.blocks, surface)) : null,
    value.fields
      ? el(
          "div",
          { class: "fields" },
          value.fields.map((field) =>
            el(
              "div",
              { class: `section-field ${field.short ? "" : "field-wide"}` },
              el("strong", {}, field.title),
              el("br"),
              mrkdwn(field.value),
            ),
          ),
        )
      : null,
    image(value.image_url, "image-large", value.fallback ?? ""),
    value.footer || value.ts
      ? el(
          "div",
          { class: "muted attachment-footer" },
          image(value.footer_icon, "image-context"),
          [value.footer, value.ts && formatDate(Number(value.ts), "{date_short}")].filter(Boolean).join(" · "),
        )
      : null,
  );
  const node = el(
    "div",
    { class: "attachment", data: { testid: "attachment" } },
    body,
    image(value.thumb_url, "attachment-thumb"),
  );
  if (value.color) node.style.borderLeftColor = cssColor(NAMED[value.color] ?? value.color);
  const before = value.pretext ? el("div", { class: "attachment-pretext" }, mrkdwn(value.pretext)) : null;
  return el("div", {}, before, node);
}

/** One file of a message: a picture is shown, anything else is a card; both can be downloaded. */
export function fileNode(file) {
  const url = fileUrl(file.id);
  const save = download(fileUrl(file.id, true), file.name);
  const name = file.title || file.name || file.id;
  const data = { testid: "file", fileId: file.id };
  if ((file.mimetype ?? "").startsWith("image/")) {
    return el(
      "figure",
      { class: "file-image", data },
      el("figcaption", { class: "muted" }, name, " ", save),
      el(
        "button",
        {
          type: "button",
          class: "image-button",
          "aria-label": `Open ${name}`,
          on: { click: () => lightbox(url, file.alt_txt || name) },
        },
        el("img", {
          src: url,
          alt: file.alt_txt || name,
          class: "image-large",
          on: {
            error: (event) =>
              event.target.replaceWith(el("span", { class: "image-missing" }, "This picture cannot be shown.")),
          },
        }),
      ),
    );
  }
  return el(
    "div",
    { class: "file-card", data },
    icon("file", 24),
    el(
      "div",
      { class: "file-words" },
      el("a", { class: "file-name", href: fileUrl(file.id, true), download: file.name ?? "" }, name),
      el(
        "div",
        { class: "muted" },
        [file.pretty_type || file.filetype?.toUpperCase() || "File", fileSize(file.size)].join(" · "),
      ),
    ),
    save,
  );
}

const download = (url, name) =>
  el(
    "a",
    {
      class: "icon-button",
      href: url,
      download: name ?? "",
      title: "Download",
      "aria-label": `Download ${name ?? "file"}`,
    },
    icon("download", 16),
  );
