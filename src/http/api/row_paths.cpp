#include "http/api/row_paths.hpp"

#include <algorithm>
#include <cctype>

namespace troupe::http {
namespace {

std::string parameter_name(std::string name) {
  for (char& c : name) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (!plain) c = '_';
  }
  return name;
}

}  // namespace

std::vector<std::string> key_parameters(const schema::Resource& resource) {
  std::vector<std::string> names;
  for (const auto place : resource.key) {
    auto name = parameter_name(resource.columns[place].name);
    while (std::ranges::find(names, name) != names.end()) name += '_';
    names.push_back(std::move(name));
  }
  return names;
}

std::string row_path_of(const schema::Resource& resource) {
  auto path = resource.path;
  for (const auto& name : key_parameters(resource)) {
    if (path.back() != '/') path += '/';
    path += '{' + name + '}';
  }
  return path;
}

}  // namespace troupe::http
