// The table block, and the data_table block with sorting and pages.

import { el, fill, icon, iconButton } from "./dom.js";
import { renderElement } from "./elements.js";
import { richText, richTextPlain } from "./richtext.js";

/** What one cell shows: raw_text, raw_number (its display text), rich_text, or a button of a data table. */
function cellContent(cell, block, surface) {
  if (cell === null || cell === undefined) return "";
  switch (cell.type) {
    case "raw_text":
      return cell.text ?? "";
    case "raw_number":
      return cell.text ?? String(cell.value);
    case "rich_text":
      return richText(cell);
    case "button":
      return renderElement(cell, block, surface);
    case "action":
      return renderElement(cell.element ?? cell.action, block, surface);
    default:
      return el(
        "span",
        { class: "unsupported-inline", data: { testid: "unsupported" } },
        `unsupported cell: ${cell.type}`,
      );
  }
}

const sortValue = (cell) => {
  if (cell?.type === "raw_number") return Number(cell.value);
  return cell?.type === "rich_text" ? richTextPlain(cell) : String(cell?.text ?? "");
};

const isNumber = (cell) => cell?.type === "raw_number";

/** table: the first row is the header; `column_settings` say alignment and wrapping. */
export function table(block, surface) {
  const settings = block.column_settings ?? [];
  const make = (tag, row) =>
    el(
      "tr",
      {},
      row.map((cell, column) => {
        const setting = settings[column] ?? {};
        const align = setting.align ?? (isNumber(cell) ? "right" : "left");
        return el(
          tag,
          { class: `align-${align} ${setting.is_wrapped ? "wrapped" : ""}`, scope: tag === "th" ? "col" : null },
          cellContent(cell, block, surface),
        );
      }),
    );
  const [head, ...body] = block.rows ?? [];
  return el(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    el(
      "table",
      { class: "grid" },
      head ? el("thead", {}, make("th", head)) : null,
      el(
        "tbody",
        {},
        body.map((row) => make("td", row)),
      ),
    ),
  );
}

/** data_table: sort by any column (a click turns it around), and leaf through pages of `page_size` rows. */
export function dataTable(block, surface) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? 5;
  const rowHeader = block.row_header_column_index ?? 0;
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((row) => isNumber(row[column])));
  const view = { page: 0, column: null, descending: false };
  const pages = Math.max(1, Math.ceil(rows.length / size));

  const sorted = () => {
    if (view.column === null) return rows;
    const factor = view.descending ? -1 : 1;
    return [...rows].sort((a, b) => {
      const [x, y] = [sortValue(a[view.column]), sortValue(b[view.column])];
      return (
        factor *
        (typeof x === "number" && typeof y === "number"
          ? x - y
          : String(x).localeCompare(String(y), undefined, { numeric: true }))
      );
    });
  };
  const sortBy = (column) => {
    view.descending = view.column === column && !view.descending;
    view.column = column;
    view.page = 0;
    show();
    root.querySelectorAll("thead button")[column]?.focus();
  };
  const turn = (step) => {
    view.page = Math.max(0, Math.min(pages - 1, view.page + step));
    show();
  };
  const heading = (cell, column) => {
    const state = view.column !== column ? "none" : view.descending ? "descending" : "ascending";
    return el(
      "th",
      { scope: "col", "aria-sort": state, class: numeric[column] ? "align-right" : "align-left" },
      el(
        "button",
        { type: "button", class: "sort-button", on: { click: () => sortBy(column) } },
        cellContent(cell, block, surface),
        icon(state === "none" ? "sort" : view.descending ? "down" : "up", 14),
      ),
    );
  };
  const line = (row) =>
    el(
      "tr",
      {},
      row.map((cell, column) =>
        el(
          column === rowHeader ? "th" : "td",
          { scope: column === rowHeader ? "row" : null, class: numeric[column] ? "align-right" : "align-left" },
          cellContent(cell, block, surface),
        ),
      ),
    );

  const thead = el("thead");
  const tbody = el("tbody");
  const where = el("span", { class: "muted", role: "status" });
  const previous = iconButton("left", "Previous page", () => turn(-1));
  const next = iconButton("right", "Next page", () => turn(1));
  const pager = el("div", { class: "pager" }, where, previous, next);
  const root = el(
    "div",
    { class: "data-table" },
    el(
      "div",
      { class: "table-scroll", tabindex: "0", role: "region", "aria-label": block.caption },
      el("table", { class: "grid" }, el("caption", {}, block.caption), thead, tbody),
    ),
    pages > 1 ? pager : null,
  );

  function show() {
    const from = view.page * size;
    const shown = sorted().slice(from, from + size);
    fill(thead, el("tr", {}, head.map(heading)));
    fill(tbody, shown.map(line));
    where.textContent = `${from + 1}–${from + shown.length} of ${rows.length}`;
    previous.disabled = view.page === 0;
    next.disabled = view.page === pages - 1;
  }
  show();
  return root;
}
