#pragma once

#include "http/api/pages/assets.hpp"

namespace troupe::http {

/// The page at /docs, swagger-ui, and the two files that it refers to. Its source is web/docs; the build
/// bundles it into this constant (web/bundle.mjs).
struct DocsPage {
  Asset html, script, style;
};
extern const DocsPage docs_page;

}  // namespace troupe::http
