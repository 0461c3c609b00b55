// Elements a person types into or gives files to. When they tell the app follows `dispatch_action_config`: Enter by
// default, every character (after a short pause) when asked for. What counts as wrong: validation.js.

import { el, fill, iconButton } from "./dom.js";
import { fileSize } from "./dates.js";
import { textOf } from "./mrkdwn.js";

const TYPING_PAUSE_MS = 350;

const hooks = (element, block) => ({ actionId: element.action_id, blockId: block.block_id, element: element.type });
const labelOf = (element, block) => textOf(block.label) || textOf(element.placeholder) || "Text";

/** Wire a text control: keep its value, count its characters, tell the app when the block asks for it. */
function wire(control, element, block, surface, toValue) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const tell = () =>
    surface.dispatch(
      { type: element.type, action_id: element.action_id, block_id: block.block_id, ...toValue(control.value) },
      control,
    );
  let timer = null;
  control.addEventListener("input", () => {
    surface.values.set(block, element, toValue(control.value));
    surface.changed(block);
    if (!block.dispatch_action || !when.includes("on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(tell, TYPING_PAUSE_MS);
  });
  control.addEventListener("keydown", (event) => {
    if (
      event.key !== "Enter" ||
      event.isComposing ||
      (control.tagName === "TEXTAREA" && !event.metaKey && !event.ctrlKey)
    )
      return;
    event.preventDefault();
    if (block.dispatch_action && when.includes("on_enter_pressed")) tell();
    else surface.submit?.();
  });
}

const asText = (text) => ({ value: text === "" ? null : text });

function control(element, block, surface, tag, props) {
  const held = surface.values.get(block, element);
  return el(tag, {
    class: "field",
    "aria-label": labelOf(element, block),
    "aria-describedby": surface.noteId(block),
    placeholder: textOf(element.placeholder) || null,
    autofocus: element.focus_on_load ? true : null,
    data: hooks(element, block),
    value: held.value ?? "",
    ...props,
  });
}

/** plain_text_input, email_text_input and url_text_input. */
export function textInput(kind) {
  return (element, block, surface) => {
    const node = element.multiline
      ? control(element, block, surface, "textarea", { rows: "4" })
      : control(element, block, surface, "input", { type: kind === "text" ? "text" : kind, autocomplete: "off" });
    wire(node, element, block, surface, asText);
    return element.max_length ? counted(node, element.max_length) : node;
  };
}

/** A field that shows how many characters are left once few are, and how many are too many. */
function counted(node, limit) {
  const counter = el("span", { class: "counter", "aria-live": "polite" });
  const show = () => {
    const left = limit - [...node.value].length;
    counter.textContent = left <= Math.max(20, limit * 0.2) ? String(left) : "";
    counter.classList.toggle("counter-over", left < 0);
  };
  node.addEventListener("input", show);
  show();
  return el("span", { class: "counted" }, node, counter);
}

/** number_input: whole numbers, or decimals when allowed. Slack sends the number as text. */
export function numberInput(element, block, surface) {
  const node = control(element, block, surface, "input", {
    type: "text",
    inputmode: element.is_decimal_allowed ? "decimal" : "numeric",
    autocomplete: "off",
  });
  wire(node, element, block, surface, (text) => asText(text.trim()));
  return node;
}

/** rich_text_input as a plain area: the value is a rich_text block with one section. */
export function richInput(element, block, surface) {
  const held = surface.values.get(block, element).rich_text_value;
  const text = (held?.elements ?? [])
    .flatMap((part) => part.elements ?? [])
    .map((part) => part.text ?? part.url ?? "")
    .join("");
  const node = control(element, block, surface, "textarea", { rows: String(element.min_lines ?? 4), value: text });
  wire(node, element, block, surface, (value) => ({
    rich_text_value:
      value === ""
        ? null
        : { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: value }] }] },
  }));
  return node;
}

/** file_input: files are uploaded when chosen; the value is the list of uploaded files. */
export function fileInput(element, block, surface) {
  const list = el("ul", { class: "file-list" });
  const problem = el("div", { class: "error-text", role: "alert" });
  const limit = element.max_files ?? 10;
  const files = () => surface.values.get(block, element).files;
  const keep = (next) => {
    surface.values.set(block, element, { files: next });
    surface.changed(block);
    show();
    if (block.dispatch_action)
      surface.dispatch(
        { type: element.type, action_id: element.action_id, block_id: block.block_id, files: next },
        list,
      );
  };
  const show = () =>
    fill(
      list,
      files().map((file) =>
        el(
          "li",
          { data: { fileId: file.id } },
          `${file.name} (${fileSize(file.size)}) `,
          iconButton("close", `Remove ${file.name}`, () => keep(files().filter((other) => other.id !== file.id))),
        ),
      ),
    );
  const chosen = async (event) => {
    problem.textContent = "";
    const picked = [...event.target.files];
    event.target.value = "";
    if (files().length + picked.length > limit) {
      problem.textContent = `At most ${limit} file${limit === 1 ? "" : "s"}.`;
      return;
    }
    list.setAttribute("aria-busy", "true");
    try {
      for (const file of picked) keep([...files(), await surface.upload(file)]);
    } catch (error) {
      problem.textContent = error.message;
    } finally {
      list.removeAttribute("aria-busy");
    }
  };
  const accept = (element.filetypes ?? []).map((kind) => `.${kind}`).join(",") || null;
  const input = el("input", {
    type: "file",
    multiple: limit > 1,
    accept,
    "aria-label": labelOf(element, block),
    "aria-describedby": surface.noteId(block),
    data: hooks(element, block),
    on: { change: chosen },
  });
  show();
  return el("div", { class: "file-input" }, input, list, problem);
}
