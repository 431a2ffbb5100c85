#pragma once

#include <string>
#include <string_view>

namespace troupe::report {

/// A report without its data: one HTML text, split where they go. The sources are in web/; the build bundles
/// them with Apache ECharts into constants of this type (web/bundle.mjs).
struct ReportPage {
  std::string_view head, tail;
};
extern const ReportPage run_page;    ///< shows a RunResult
extern const ReportPage sweep_page;  ///< shows a sweep's SweepInfo and Summary

/// The page around `json`, whatever texts that contains: nothing in it can end the script element it is put
/// into, nor begin a comment there.
std::string fill_page(const ReportPage& page, std::string_view json);

}  // namespace troupe::report
