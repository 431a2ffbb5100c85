#include "sweep/html_report.hpp"

#include <boost/json.hpp>

#include "sim/report_page.hpp"
#include "sim/tree_io.hpp"
#include "sweep/record_fields.hpp"
#include "sweep/summary_fields.hpp"

namespace troupe::sweep {

std::string html_report(const Sweep& sweep, const Summary& summary) {
  const boost::json::object data{{"info", sim::tree_of(sweep.info)}, {"summary", sim::tree_of(summary)}};
  return sim::fill_page(sim::sweep_page, sim::json_text(data));
}

}  // namespace troupe::sweep
