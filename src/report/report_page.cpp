#include "report/report_page.hpp"

namespace troupe::report {

std::string fill_page(const ReportPage& page, std::string_view json) {
  std::string out;
  out.reserve(page.head.size() + json.size() + page.tail.size());
  out += page.head;
  for (const char c : json) {
    // JSON has this character in texts only, where it may be written as a code. Without it there is neither
    // "</script>" nor "<!--" (HTML standard, 4.12.1.3: restrictions for contents of script elements).
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  out += page.tail;
  return out;
}

}  // namespace troupe::report
