#pragma once

#include <string>
#include <string_view>

namespace troupe::http {

/// A file that pages refer to.
struct Asset {
  std::string_view text;
  std::string_view hash;  ///< of the text: hexadecimal digits
};

/// What the pages of resources need beside themselves. The source is web/pages; the build puts it into this
/// constant (web/bundle.mjs).
struct PageAssets {
  Asset script, style;
};
extern const PageAssets page_assets;

/// Where the files are, with their hashes: what is found there never changes.
const std::string& script_path();
const std::string& style_path();
std::string script_path_of(const Asset& asset);
std::string style_path_of(const Asset& asset);

}  // namespace troupe::http
