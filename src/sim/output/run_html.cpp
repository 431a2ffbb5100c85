#include "sim/output/run_html.hpp"

#include "report/report_page.hpp"
#include "sim/result/results_io.hpp"

namespace troupe::sim {

std::string html_report(const RunResult& result) {
  return report::fill_page(report::run_page, write_json(result));
}

}  // namespace troupe::sim
