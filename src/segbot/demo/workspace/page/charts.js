// The data_visualization block as SVG: bar, line, area and pie. A hidden table gives the same numbers to screen readers.

import { el, freshId, svg } from "./dom.js";

const COLORS = [
  "#3d6bd6",
  "#1f9d7a",
  "#e08a2c",
  "#b5499b",
  "#5fa8d3",
  "#d1495b",
  "#7a63c9",
  "#8a9a2f",
  "#c97b63",
  "#4b7f8c",
  "#a0763a",
  "#6b7280",
];
const [WIDTH, HEIGHT] = [560, 280];
const MARGIN = { top: 12, right: 14, bottom: 46, left: 56 };

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });
const color = (index) => COLORS[index % COLORS.length];

/** data_visualization: {title, chart: {type, series, axis_config} | {type: "pie", segments}}. */
export function chart(block) {
  const spec = block.chart ?? {};
  const draw = { bar: bars, line: lines, area: lines, pie }[spec.type];
  const titleId = freshId("chart");
  const body = draw
    ? draw(spec)
    : {
        picture: el(
          "div",
          { class: "unsupported-inline", data: { testid: "unsupported" } },
          `unsupported chart: ${spec.type ?? "none"}`,
        ),
        names: [],
        table: null,
      };
  return el(
    "figure",
    { class: "chart", data: { chart: spec.type }, "aria-labelledby": titleId },
    el("figcaption", { class: "chart-title", id: titleId }, block.title),
    body.picture,
    legend(body.names),
    body.table,
  );
}

function legend(names) {
  if (names.length < 2) return null;
  return el(
    "div",
    { class: "legend", "aria-hidden": "true" },
    names.map((name, index) => {
      const swatch = el("span", { class: "legend-swatch" });
      swatch.style.backgroundColor = color(index);
      return el("span", { class: "legend-entry" }, swatch, name);
    }),
  );
}

/** Round steps that cover the values, zero included: {low, high, ticks}. */
export function scale(values, wanted = 4) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / wanted));
  const step =
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => span / size <= wanted + 0.5) ?? power * 10;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks };
}

/** Series as numbers in the order of the categories; a missing point is null (a gap). */
function readSeries(spec) {
  const series = spec.series ?? [];
  const categories = spec.axis_config?.categories ?? [
    ...new Set(series.flatMap((one) => (one.data ?? []).map((point) => point.label))),
  ];
  return {
    categories,
    series: series.map((one) => {
      const byLabel = new Map((one.data ?? []).map((point) => [point.label, Number(point.value)]));
      return {
        name: one.name,
        values: categories.map((label) => (Number.isFinite(byLabel.get(label)) ? byLabel.get(label) : null)),
      };
    }),
  };
}

function frame(spec, categories, series) {
  const values = series.flatMap((one) => one.values).filter((value) => value !== null);
  const { low, high, ticks } = scale(values.length ? values : [0]);
  const inner = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const y = (value) => MARGIN.top + inner.height * (1 - (value - low) / (high - low));
  const slot = inner.width / Math.max(1, categories.length);
  const x = (index) => MARGIN.left + slot * (index + 0.5);
  const nodes = [];
  for (const tick of ticks) {
    nodes.push(
      svg("line", {
        x1: MARGIN.left,
        x2: WIDTH - MARGIN.right,
        y1: y(tick),
        y2: y(tick),
        class: tick === 0 ? "axis-zero" : "axis-line",
      }),
    );
    nodes.push(
      svg(
        "text",
        { x: MARGIN.left - 8, y: y(tick) + 4, class: "axis-text", "text-anchor": "end" },
        compact.format(tick),
      ),
    );
  }
  const room = Math.max(3, Math.floor(slot / 6.2));
  const every = Math.ceil(categories.length / 12);
  categories.forEach((label, index) => {
    if (index % every) return;
    const short = label.length > room * every ? `${label.slice(0, room * every - 1)}…` : label;
    nodes.push(
      svg(
        "text",
        { x: x(index), y: HEIGHT - MARGIN.bottom + 17, class: "axis-text", "text-anchor": "middle" },
        short,
        svg("title", {}, label),
      ),
    );
  });
  const axis = spec.axis_config ?? {};
  if (axis.x_label)
    nodes.push(
      svg(
        "text",
        { x: MARGIN.left + inner.width / 2, y: HEIGHT - 8, class: "axis-label", "text-anchor": "middle" },
        axis.x_label,
      ),
    );
  if (axis.y_label)
    nodes.push(
      svg(
        "text",
        {
          transform: `translate(13 ${MARGIN.top + inner.height / 2}) rotate(-90)`,
          class: "axis-label",
          "text-anchor": "middle",
        },
        axis.y_label,
      ),
    );
  return { nodes, x, y, slot, base: y(Math.max(low, Math.min(high, 0))) };
}

const drawing = (nodes) =>
  svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart-svg", "aria-hidden": "true" }, nodes);

function bars(spec) {
  const { categories, series } = readSeries(spec);
  const { nodes, x, y, slot, base } = frame(spec, categories, series);
  const width = Math.min(46, (slot * 0.76) / Math.max(1, series.length));
  series.forEach((one, s) =>
    one.values.forEach((value, index) => {
      if (value === null) return;
      const left = x(index) + (s - series.length / 2) * width;
      nodes.push(
        svg(
          "rect",
          {
            x: left + 1,
            y: Math.min(base, y(value)),
            width: Math.max(1, width - 2),
            height: Math.max(1, Math.abs(y(value) - base)),
            rx: 2,
            fill: color(s),
          },
          svg("title", {}, `${one.name}, ${categories[index]}: ${exact.format(value)}`),
        ),
      );
    }),
  );
  return { picture: drawing(nodes), names: series.map((one) => one.name), table: numbers(categories, series) };
}

/** Runs of neighbouring points without a gap. */
function runs(values) {
  const found = [[]];
  values.forEach((value, index) => {
    if (value === null) found.push([]);
    else found[found.length - 1].push(index);
  });
  return found.filter((run) => run.length);
}

function lines(spec) {
  const { categories, series } = readSeries(spec);
  const { nodes, x, y, base } = frame(spec, categories, series);
  series.forEach((one, s) => {
    for (const run of runs(one.values)) {
      const points = run.map((index) => `${x(index)},${y(one.values[index])}`);
      if (spec.type === "area")
        nodes.push(
          svg("path", {
            d: `M${x(run[0])},${base}L${points.join("L")}L${x(run[run.length - 1])},${base}Z`,
            fill: color(s),
            "fill-opacity": 0.22,
          }),
        );
      nodes.push(
        svg("polyline", {
          points: points.join(" "),
          fill: "none",
          stroke: color(s),
          "stroke-width": 2.2,
          "stroke-linejoin": "round",
        }),
      );
      for (const index of run)
        nodes.push(
          svg(
            "circle",
            { cx: x(index), cy: y(one.values[index]), r: 3.2, fill: color(s) },
            svg("title", {}, `${one.name}, ${categories[index]}: ${exact.format(one.values[index])}`),
          ),
        );
    }
  });
  return { picture: drawing(nodes), names: series.map((one) => one.name), table: numbers(categories, series) };
}

function pie(spec) {
  const segments = (spec.segments ?? []).filter((segment) => Number(segment.value) > 0);
  const total = segments.reduce((sum, segment) => sum + Number(segment.value), 0);
  const [cx, cy, r] = [120, 120, 108];
  let turned = 0;
  const at = (share) => {
    const angle = share * 2 * Math.PI - Math.PI / 2;
    return `${cx + r * Math.cos(angle)},${cy + r * Math.sin(angle)}`;
  };
  const slices = segments.map((segment, index) => {
    const share = Number(segment.value) / total;
    const title = svg("title", {}, `${segment.label}: ${exact.format(segment.value)} (${percent(share)})`);
    const from = turned;
    turned += share;
    if (share > 0.9999) return svg("circle", { cx, cy, r, fill: color(index) }, title);
    return svg(
      "path",
      {
        d: `M${cx},${cy}L${at(from)}A${r},${r} 0 ${share > 0.5 ? 1 : 0} 1 ${at(turned)}Z`,
        fill: color(index),
        stroke: "#fff",
        "stroke-width": 1.5,
      },
      title,
    );
  });
  const names = segments.map((segment) => `${segment.label} ${percent(Number(segment.value) / total)}`);
  const picture = svg("svg", { viewBox: "0 0 240 240", class: "chart-svg chart-pie", "aria-hidden": "true" }, slices);
  return {
    picture,
    names,
    table: numbers(
      segments.map((segment) => segment.label),
      [{ name: "Value", values: segments.map((segment) => Number(segment.value)) }],
    ),
  };
}

const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;

function numbers(categories, series) {
  return el(
    "table",
    { class: "visually-hidden" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col" }, "Label"),
        series.map((one) => el("th", { scope: "col" }, one.name)),
      ),
    ),
    el(
      "tbody",
      {},
      categories.map((label, index) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, label),
          series.map((one) => el("td", {}, one.values[index] === null ? "none" : exact.format(one.values[index]))),
        ),
      ),
    ),
  );
}
