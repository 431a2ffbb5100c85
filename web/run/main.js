// The report of one run.
import "../base/base.css";
import { el } from "../base/dom.js";
import { page, read_data, section } from "../base/layout.js";
import { waterfall_title } from "../base/stages.js";
import { distribution } from "./distribution.js";
import { header, title_of } from "./header.js";
import { over_time } from "./over_time.js";
import { failure_samples } from "./samples.js";
import { failed_times_table, failures_table, phases_table, tasks_table, thresholds_table } from "./tables.js";
import { figures } from "./tiles.js";
import { trust, verdict } from "./verdict.js";
import { waterfall } from "./waterfall.js";

const { data: result, text } = read_data();

page(
  `${title_of(result)} · Troupe`,
  header(result, text),
  el("main",
    verdict(result),
    figures(result),
    section("Over time", over_time(result)),
    section("Requests", tasks_table(result), failed_times_table(result), phases_table(result),
      failures_table(result), failure_samples(result), thresholds_table(result)),
    section("Response times", distribution(result)),
    section(waterfall_title(result.waterfall), waterfall(result)),
    section("Can these numbers be trusted?", trust(result))),
  el("footer", "Made by troupe. This file works offline and holds the complete result as JSON (",
    el("code", 'script id="data"'), ")."),
);
