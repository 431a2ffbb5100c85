#include "http/api/pages/login_page.hpp"

#include "http/api/pages/html.hpp"
#include "http/api/pages/page_frame.hpp"

namespace troupe::http {

std::string login_page(std::string_view who, std::string_view fault) {
  std::string out;
  begin_page("Log in", {{"/login", "login"}}, out);
  append_heading("Log in",
                 "With a key or a token, which this browser keeps until it is closed or you log out.", out);
  if (!fault.empty()) {
    out += "<ul class=faults><li>";
    append_html(fault, out);
    out += "</ul>\n";
  }
  out +=
      "<form class=filters method=post action=\"/login\"><label><span>key or token</span>"
      "<input type=password name=key autocomplete=off required></label> "
      "<p class=send><button>Log in</button></p></form>\n";
  if (who.empty()) {
    end_page(out);
    return out;
  }
  out += "<p>This browser is logged in as <b>";
  append_html(who, out);
  out +=
      "</b>. <a href=\"/\">What there is</a></p>\n"
      "<form class=filters method=post action=\"/logout\"><p class=send><button>Log "
      "out</button></p></form>\n";
  end_page(out);
  return out;
}

}  // namespace troupe::http
