// Building the page's DOM from data. Nothing here (or anywhere in the page) uses innerHTML, so data can never
// become markup; links pass through `safeHref`, so data can never become a script either.

const SVG_NS = "http://www.w3.org/2000/svg";
const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/**
 * Make an element. `props`: `class`, `data` ({k: v} becomes data-k), `on` ({event: handler}), `text`; a boolean
 * true sets an empty attribute, false/null/undefined leaves the attribute out, other values are set as strings.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  applyProps(node, props);
  append(node, children);
  return node;
}

/** Make an SVG element with plain attributes. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG_NS, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  append(node, children);
  return node;
}

function applyProps(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "data") setData(node, value);
    else if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Set data-* attributes; keys may be written in camelCase or with hyphens; empty values are left out. */
export function setData(node, data) {
  for (const [key, value] of Object.entries(data)) {
    if (value === null || value === undefined) continue;
    node.setAttribute(`data-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value));
  }
}

/** Append strings, nodes and (nested) lists of them; null and false are skipped. */
export function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.append(child);
  }
  return node;
}

/** Replace everything inside `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** A DocumentFragment of the children. */
export function fragment(...children) {
  return append(document.createDocumentFragment(), children);
}

/** The URL when it is one a person may follow from a message, else null (javascript:, data:, nonsense). */
export function safeHref(url) {
  if (typeof url !== "string" || url === "") return null;
  try {
    const parsed = new URL(url, window.location.href);
    return SAFE_SCHEMES.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** The URL when an <img> may load it: http(s), or an image given as data or blob. */
export function safeImage(url) {
  if (typeof url !== "string") return null;
  if (/^(data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]|blob:)/i.test(url)) return url;
  const href = safeHref(url);
  return href && /^https?:/.test(href) ? href : null;
}

/** A link that opens apart from the workspace, or plain text when the address is not a safe one. */
export function link(url, ...children) {
  const href = safeHref(url);
  if (href === null) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", class: "link" }, ...children);
}

const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  reply: "M20 12a8 8 0 1 0-3 6.2L20 19z",
  smile: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM8.5 14.5c1.8 2.4 5.2 2.4 7 0M9 9.5v.5M15 9.5v.5",
  plus: "M12 5v14M5 12h14",
  send: "M4 4.5l17 7.5-17 7.5 2.5-7.5zM6.5 12H14",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5z",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  up: "M6 15l6-6 6 6",
  sort: "M8 10l4-5 4 5M8 14l4 5 4-5",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v6M14 11v6",
  thumbUp: "M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2 3l-1 3h6c1 0 2 1 1.7 2l-1.7 7c-.3 1.3-1 2-2 2H7",
  thumbDown: "M7 13V4H4v9zM7 13l4 8c1.5 0 2.5-1 2-3l-1-3h6c1 0 2-1 1.7-2l-1.7-7c-.3-1.3-1-2-2-2H7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warn: "M12 4l9.5 16h-19zM12 10v4.5M12 17.2v.1",
  info: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 11v5.5M12 7.7v.1",
  play: "M8 5.5v13l11-6.5z",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
};

/** A line icon drawn here (20 by 20); decorative, so hidden from screen readers. */
export function icon(name, size = 18) {
  const path = ICONS[name] ?? ICONS.info;
  return svg(
    "svg",
    {
      viewBox: "0 0 24 24",
      width: size,
      height: size,
      class: `icon icon-${name}`,
      "aria-hidden": "true",
      focusable: "false",
    },
    svg("path", { d: path }),
  );
}

/** A button with an icon and a name for screen readers and tooltips. */
export function iconButton(name, label, onClick, props = {}) {
  const { class: extra = "", ...rest } = props;
  return el(
    "button",
    {
      type: "button",
      class: `icon-button ${extra}`,
      title: label,
      "aria-label": label,
      on: { click: onClick },
      ...rest,
    },
    icon(name),
  );
}

let counter = 0;
/** A fresh id for aria-labelledby and the like. */
export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
