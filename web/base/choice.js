// The readers' switches of a chart.
import { el } from "./dom.js";

/** A list to choose one from. options: [[value, text]] */
export function choice(label, options, chosen, on_change) {
  const select = el("select", { "aria-label": label },
    options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
  select.addEventListener("change", () => on_change(select.value));
  return select;
}

/** The same with its label in sight. */
export const labelled_choice = (label, ...rest) => el("label.choice", el("span", label), choice(label, ...rest));

/** Things to be shown or not: [{label, swatch: classes, checked}]; calls back with the set of chosen indices. */
export function chips(label, list, on_change) {
  const chosen = new Set(list.flatMap(({ checked }, i) => (checked ? [i] : [])));
  const chip = ({ label: text, swatch, checked }, i) => {
    const input = el("input", { type: "checkbox", checked });
    input.addEventListener("change", () => {
      if (input.checked) chosen.add(i);
      else chosen.delete(i);
      on_change(chosen);
    });
    return el("label.chip", input, el(`span.swatch.${swatch}`), text);
  };
  return { chosen, element: el("div.chips", { role: "group", "aria-label": label }, list.map(chip)) };
}
