# msgpack-c is header-only. Its Debian 12 package conflicts with Boost 1.81, so scripts/setup unpacks it below
# build/deps; on later releases the system's own copy is found. MSGPACK_NO_BOOST drops its use of Boost headers.
find_path(MSGPACK_INCLUDE_DIR msgpack.hpp HINTS "${PROJECT_SOURCE_DIR}/build/deps/usr/include")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Msgpack REQUIRED_VARS MSGPACK_INCLUDE_DIR)
if(Msgpack_FOUND AND NOT TARGET Msgpack::cxx)
  add_library(Msgpack::cxx INTERFACE IMPORTED)
  set_target_properties(Msgpack::cxx PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${MSGPACK_INCLUDE_DIR}"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${MSGPACK_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS MSGPACK_NO_BOOST)
endif()
