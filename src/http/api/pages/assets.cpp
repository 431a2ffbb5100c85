#include "http/api/pages/assets.hpp"

namespace troupe::http {

std::string script_path_of(const Asset& asset) {
  return "/pages/" + std::string(asset.hash) + ".js";
}

std::string style_path_of(const Asset& asset) {
  return "/pages/" + std::string(asset.hash) + ".css";
}

const std::string& script_path() {
  static const auto path = script_path_of(page_assets.script);
  return path;
}

const std::string& style_path() {
  static const auto path = style_path_of(page_assets.style);
  return path;
}

}  // namespace troupe::http
