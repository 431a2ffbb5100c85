#include "sweep/output/sweep_html.hpp"

#include <boost/json.hpp>

#include "report/report_page.hpp"
#include "report/struct_json.hpp"
#include "sweep/analysis/summary_fields.hpp"
#include "sweep/records/record_fields.hpp"

namespace troupe::sweep {

std::string html_report(const Sweep& sweep, const Summary& summary) {
  const boost::json::object data{{"info", report::tree_of(sweep.info)},
                                 {"summary", report::tree_of(summary)}};
  return report::fill_page(report::sweep_page, report::json_text(data));
}

}  // namespace troupe::sweep
