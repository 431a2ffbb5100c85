#include "http/api/pages/problem_page.hpp"

#include "http/api/negotiation.hpp"
#include "http/api/pages/html.hpp"
#include "http/api/pages/page_frame.hpp"

namespace troupe::http {
namespace {

std::string location_words(const FieldFault& fault) {
  std::string words;
  for (const auto& part : fault.loc) {
    if (!words.empty()) words += " › ";
    words += part;
  }
  return words;
}

std::string page_of(const Request& request, const Problem& problem) {
  const auto title = std::to_string(problem.status) + ' ' + problem.title;
  std::string out;
  begin_page(title, {}, out);
  append_heading(title, problem.detail, out);
  if (!problem.faults.empty()) {
    out += "<ul class=faults>";
    for (const auto& fault : problem.faults) {
      out += "<li><b>";
      append_html(location_words(fault), out);
      out += "</b> ";
      append_html(fault.msg, out);
    }
    out += "</ul>\n";
  }
  if (!request.query.empty() && request.path.starts_with('/')) {
    out += "<p><a href=\"";
    append_html(request.path, out);
    out += "\">The same without the parameters</a></p>\n";
  }
  if (problem.status == 401 || problem.type == "urn:troupe:problem:not-allowed")
    out += "<p><a href=\"/login\">Log in</a></p>\n";
  out += "<details class=tool><summary>As a program reads it</summary><pre class=json>";
  append_html(to_json(problem), out);
  out += "</pre></details>\n";
  end_page(out);
  return out;
}

}  // namespace

void show_problem(const Request& request, Response& response) {
  const auto type = choose_answer_type(request.accept, AnswerForms::with_pages);
  if (!type || !type->page) {
    response.fields += "Vary: Accept\r\n";
    return;
  }
  response.content_type = page_content_type;
  response.fields += page_fields();
  response.body = page_of(request, *response.problem);
}

}  // namespace troupe::http
