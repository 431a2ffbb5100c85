# cmake -DSOURCE_DIR=… -DOUTPUT=… -P WriteGitCommit.cmake
set(commit unknown)
find_program(git_program git)
if(git_program)
  # A clone may belong to another user than the one who builds it; and a build must not wait for, or hold, the index's lock.
  set(git "${git_program}" -c safe.directory=* --no-optional-locks -C "${SOURCE_DIR}")
  # An unpacked tarball may lie inside somebody else's repository, whose commit is not ours: only the top of one counts.
  execute_process(COMMAND ${git} rev-parse --show-prefix
    OUTPUT_VARIABLE prefix RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(failed EQUAL 0 AND prefix STREQUAL "")
    execute_process(COMMAND ${git} describe --always --dirty --abbrev=12 --exclude=*
      OUTPUT_VARIABLE described RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(failed EQUAL 0 AND described MATCHES "^[0-9a-f]+(-dirty)?$")
      set(commit "${described}")
    endif()
  endif()
endif()

set(content "#include \"support/git_commit.hpp\"\n\nnamespace troupe {\nconst std::string_view git_commit = \"${commit}\";\n}\n")
set(before "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" before)
endif()
if(NOT content STREQUAL before)
  file(WRITE "${OUTPUT}" "${content}")
endif()
