#include "http/api/pages/assets.hpp"

namespace troupe::http {

const std::string& script_path() {
  static const auto path = "/pages/" + std::string(page_assets.script.hash) + ".js";
  return path;
}

const std::string& style_path() {
  static const auto path = "/pages/" + std::string(page_assets.style.hash) + ".css";
  return path;
}

}  // namespace troupe::http
