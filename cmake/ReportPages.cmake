# The HTML reports' pages, bundled by npm and esbuild from web/ into one generated source file: REPORT_PAGES_SOURCE.
find_program(NODE_PROGRAM node)
find_program(NPM_PROGRAM npm)
if(NOT NODE_PROGRAM OR NOT NPM_PROGRAM)
  message(FATAL_ERROR "node (18 or later) and npm are needed to build the HTML reports: run scripts/setup")
endif()

set(REPORT_PAGES_SOURCE "${PROJECT_BINARY_DIR}/web/report_pages.cpp")
file(GLOB REPORT_PAGES_INPUTS CONFIGURE_DEPENDS web/base/* web/run/* web/sweep/*)
add_custom_command(
  OUTPUT "${REPORT_PAGES_SOURCE}"
  COMMAND "${PROJECT_SOURCE_DIR}/web/build" "${REPORT_PAGES_SOURCE}"
  DEPENDS ${REPORT_PAGES_INPUTS} "${PROJECT_SOURCE_DIR}/web/build" "${PROJECT_SOURCE_DIR}/web/bundle.mjs"
    "${PROJECT_SOURCE_DIR}/web/package.json" "${PROJECT_SOURCE_DIR}/web/package-lock.json"
  COMMENT "Bundling the HTML reports' pages"
  VERBATIM)
# Half a megabyte of text needs none of our headers.
set_source_files_properties("${REPORT_PAGES_SOURCE}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
