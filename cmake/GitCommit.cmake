# The commit that the binary is built from, as one generated source file: GIT_COMMIT_SOURCE. Looked up at every build, written only
# when it changed, so that one small file is compiled then and nothing otherwise. "unknown" without git or outside a clone.
set(GIT_COMMIT_SOURCE "${PROJECT_BINARY_DIR}/git_commit.cpp")
add_custom_target(troupe_git_commit
  COMMAND "${CMAKE_COMMAND}" "-DSOURCE_DIR=${PROJECT_SOURCE_DIR}" "-DOUTPUT=${GIT_COMMIT_SOURCE}"
    -P "${PROJECT_SOURCE_DIR}/cmake/WriteGitCommit.cmake"
  BYPRODUCTS "${GIT_COMMIT_SOURCE}"
  COMMENT "Looking up the git commit"
  VERBATIM)
set_source_files_properties("${GIT_COMMIT_SOURCE}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
