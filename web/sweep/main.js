// The report of a sweep.
import "../base/base.css";
import "./sweep.css";
import { el } from "../base/dom.js";
import { page, read_data, section } from "../base/layout.js";
import { waterfall_title } from "../base/stages.js";
import { answer } from "./answer.js";
import { cells_table } from "./cells_table.js";
import { environment } from "./environment.js";
import { header, title_of } from "./header.js";
import { heat_maps } from "./heat_map.js";
import { load_curves } from "./load_curves.js";
import { usl_table } from "./usl_table.js";
import { waterfalls } from "./waterfalls.js";

const { data, text } = read_data();

page(
  `${title_of(data)} · Troupe`,
  header(data),
  el("main",
    answer(data),
    section("Every cell at a glance", heat_maps(data)),
    section("Under rising load", load_curves(data)),
    section(waterfall_title(data.summary.cells.flatMap((cell) => cell.waterfall)), waterfalls(data)),
    section("All cells", cells_table(data)),
    section("Universal Scalability Law", usl_table(data)),
    section("Where and how", environment(data, text))),
  el("footer", "Made by troupe. This file works offline and holds its data as JSON (", el("code", 'script id="data"'), ")."),
);
