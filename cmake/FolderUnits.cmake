# Most of a file's compile time goes into the headers that it includes. Where everything is compiled at once, the files of a
# folder are one unit, which takes less than half of the time. They then see each other's names: two of one name in a folder
# do not compile. The presets debug and no-pch compile file by file, and so do scripts/lint and scripts/check-headers.
option(CMAKE_UNITY_BUILD "Compile the files of a folder as one unit")
set(TROUPE_UNIT_FILES 12)   # a larger folder is several units: both cores are to be busy to the end
set(TROUPE_SMALL_FOLDER 6)  # a folder of fewer files shares its unit with the small ones beside it

if(CMAKE_UNITY_BUILD)  # about names of a unit's other files
  list(APPEND TROUPE_WARNINGS -Wno-shadow -Wno-subobject-linkage)
endif()

# Tells the files of `target` their units. What is not in src/ or tests/ by its full path stays alone.
function(troupe_folder_units target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "^${PROJECT_SOURCE_DIR}/(src|tests)/")
  set(folders "")
  foreach(source IN LISTS sources)
    get_filename_component(folder "${source}" DIRECTORY)
    list(APPEND folders "${folder}")
    list(APPEND "files ${folder}" "${source}")
  endforeach()
  list(REMOVE_DUPLICATES folders)
  set(groups "")
  foreach(folder IN LISTS folders)
    file(RELATIVE_PATH group "${PROJECT_SOURCE_DIR}" "${folder}")
    list(LENGTH "files ${folder}" count)
    if(count LESS TROUPE_SMALL_FOLDER)  # src/sim/load and src/sim/record: src/sim
      string(REGEX REPLACE "^([^/]+/[^/]+)/.*" "\\1" group "${group}")
    endif()
    string(MAKE_C_IDENTIFIER "${group}" group)
    list(APPEND groups ${group})
    list(APPEND group_${group} ${files\ ${folder}})
  endforeach()
  list(REMOVE_DUPLICATES groups)
  foreach(group IN LISTS groups)
    list(LENGTH group_${group} count)
    math(EXPR units "(${count} + ${TROUPE_UNIT_FILES} - 1) / ${TROUPE_UNIT_FILES}")
    math(EXPR size "(${count} + ${units} - 1) / ${units}")
    set(index 0)
    foreach(source IN LISTS group_${group})
      math(EXPR unit "${index} / ${size}")
      set_source_files_properties("${source}" PROPERTIES UNITY_GROUP ${group}_${unit})
      math(EXPR index "${index} + 1")
    endforeach()
  endforeach()
endfunction()
