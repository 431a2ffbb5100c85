// One chart on a page: a figure with a title, a summary in words (its text alternative) and the drawing.
import { el, fresh_id } from "./dom.js";
import { echarts } from "./echarts.js";
import { on_theme_change, theme } from "./theme.js";

const drawn = new Set();
on_theme_change(() => drawn.forEach((chart) => chart.draw()));

/**
 * @param name    names the drawing for tests: data-chart
 * @param summary what it shows, in a sentence: is seen and is read out
 * @param option  theme → ECharts option; called again whenever colours or data change
 * @param group   charts of one group share their cursor
 * @param controls, extra  elements above and below the drawing
 * Returns the figure, with update(summary) to draw new data.
 */
export function chart({ name, title, summary, option, group, controls, extra, height }) {
  const summary_id = fresh_id("summary");
  const text = el("p.summary", { id: summary_id }, summary);
  const box = el("div.chart", { "data-chart": name, role: "img", "aria-label": title, "aria-describedby": summary_id });
  if (height) box.style.height = height;
  const figure = el("figure.card", el("figcaption", el("h3", title), text), controls, box, extra);

  let instance = null;
  const draw = () => {
    const base = base_option(theme());
    const own = option(theme());
    const parts = { grid: { ...base.grid, ...own.grid }, tooltip: { ...base.tooltip, ...own.tooltip } };
    instance.setOption({ ...base, ...own, ...parts }, { notMerge: true });
    instance.getZr().flush(); // now and not in the next frame: printing does not wait for it
  };
  // A chart needs to know its size, so it begins when it has one, and follows it.
  new ResizeObserver(() => {
    if (box.clientWidth === 0) return;
    if (instance) {
      instance.resize();
      return;
    }
    instance = echarts.init(box, null, { renderer: "svg" });
    if (group) echarts.connect(Object.assign(instance, { group }).group);
    drawn.add({ draw });
    draw();
  }).observe(box);

  figure.update = (new_summary) => {
    text.textContent = new_summary;
    if (instance) draw();
  };
  return figure;
}

function base_option({ text, line, surface, font }) {
  return {
    animation: false,
    textStyle: { fontFamily: font, color: text },
    grid: { left: 4, right: 16, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      trigger: "axis",
      confine: true,
      axisPointer: { type: "line", lineStyle: { color: line } },
      backgroundColor: surface,
      borderColor: line,
      textStyle: { color: text, fontSize: 13, fontFamily: font },
    },
  };
}

/** What both kinds of axes look like. */
export function axis({ muted, line }, more) {
  return {
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: line, opacity: 0.6 } },
    axisLabel: { color: muted, fontSize: 12, hideOverlap: true, ...more.axisLabel },
    nameTextStyle: { color: muted, fontSize: 12 },
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== "axisLabel")),
  };
}

/** A tooltip's content as elements (ECharts reads texts as HTML): rows of [colour, label, value]. */
export function tip(heading, rows) {
  const mark = (colour) => {
    const node = el("span.mark");
    node.style.background = colour;
    return node;
  };
  return el("div.tip", el("strong", heading), rows.map(([colour, label, value]) =>
    el("div.tip-row", mark(colour), el("span", label), el("b", value))));
}

/** The legend of a chart, as text beside coloured marks that also differ in their dashes. */
export function legend(entries) {
  const swatch = ({ colour, dash }) => el(`span.swatch.${colour}.${dash ?? "solid"}`);
  return el("ul.legend", entries.map((entry) => el("li", swatch(entry), entry.label)));
}
