# The pages of the HTML reports and of /docs, and what pages of resources refer to, bundled by npm and esbuild from web/ into one
# generated source file: WEB_PAGES_SOURCE.
find_program(NODE_PROGRAM node)
find_program(NPM_PROGRAM npm)
if(NOT NODE_PROGRAM OR NOT NPM_PROGRAM)
  message(FATAL_ERROR "node (18 or later) and npm are needed to build the HTML pages: run scripts/setup")
endif()

set(WEB_PAGES_SOURCE "${PROJECT_BINARY_DIR}/web/web_pages.cpp")
file(GLOB WEB_PAGES_INPUTS CONFIGURE_DEPENDS web/base/* web/run/* web/sweep/* web/docs/* web/pages/*)
add_custom_command(
  OUTPUT "${WEB_PAGES_SOURCE}"
  COMMAND "${PROJECT_SOURCE_DIR}/web/build" "${WEB_PAGES_SOURCE}"
  DEPENDS ${WEB_PAGES_INPUTS} "${PROJECT_SOURCE_DIR}/web/build" "${PROJECT_SOURCE_DIR}/web/bundle.mjs"
    "${PROJECT_SOURCE_DIR}/web/package.json" "${PROJECT_SOURCE_DIR}/web/package-lock.json"
  COMMENT "Bundling the HTML pages"
  VERBATIM)
# Megabytes of text need none of our headers.
set_source_files_properties("${WEB_PAGES_SOURCE}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
