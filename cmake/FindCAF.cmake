# CAF 0.17 ships no CMake package, so we look for its header and library by hand.
# Defines the imported target CAF::core and checks that the version is the one we build on.
# Under ThreadSanitizer it is the one that scripts/build-caf-tsan made, if it did.
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
  set(_caf_hints HINTS "${PROJECT_SOURCE_DIR}/build/deps-tsan")
endif()
find_path(CAF_INCLUDE_DIR caf/all.hpp ${_caf_hints} PATH_SUFFIXES include)
find_library(CAF_CORE_LIBRARY caf_core ${_caf_hints} PATH_SUFFIXES lib)
if(CAF_INCLUDE_DIR)
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" _caf_version REGEX "^#define CAF_VERSION [0-9]+")
  string(REGEX MATCH "[0-9]+" _caf_number "${_caf_version}")
  math(EXPR _caf_major "${_caf_number} / 10000")
  math(EXPR _caf_minor "(${_caf_number} / 100) % 100")
  math(EXPR _caf_patch "${_caf_number} % 100")
  set(CAF_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF REQUIRED_VARS CAF_CORE_LIBRARY CAF_INCLUDE_DIR VERSION_VAR CAF_VERSION)
if(CAF_FOUND AND NOT TARGET CAF::core)
  add_library(CAF::core SHARED IMPORTED)
  set_target_properties(CAF::core PROPERTIES
    IMPORTED_LOCATION "${CAF_CORE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
endif()
