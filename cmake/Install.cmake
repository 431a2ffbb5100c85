# What cmake --install puts where (GNUInstallDirs), and scripts/package into troupe_VERSION_amd64.deb.
include(GNUInstallDirs)
set(TROUPE_ETC "${CMAKE_INSTALL_FULL_SYSCONFDIR}/troupe")
set(TROUPE_SHARE "${CMAKE_INSTALL_DATADIR}/troupe")
set(made "${PROJECT_BINARY_DIR}/install")
file(MAKE_DIRECTORY "${made}")

install(TARGETS troupe)
install(DIRECTORY config/ DESTINATION "${TROUPE_SHARE}/config" PATTERN troupe.toml EXCLUDE)
install(DIRECTORY examples DESTINATION "${CMAKE_INSTALL_DOCDIR}" USE_SOURCE_PERMISSIONS)
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES README.md CHANGELOG.md SECURITY.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# The service keeps its data, and stays away from io_uring (see deploy/debian/troupe.service).
file(READ config/troupe.toml settings)
function(troupe_change before after)
  string(FIND "${settings}" "${before}\n" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "config/troupe.toml has no line ${before}: cmake/Install.cmake wants to change it")
  endif()
  string(REPLACE "${before}\n" "${after}\n" settings "${settings}")
  set(settings "${settings}" PARENT_SCOPE)
endfunction()
troupe_change([[# io = "auto"]] [[io = "epoll"]])
troupe_change([[# data_dir = ""]] [[data_dir = "/var/lib/troupe/data"]])
file(WRITE "${made}/troupe.toml" "${settings}")
configure_file(deploy/debian/troupe.service "${made}/troupe.service" @ONLY)
configure_file(deploy/debian/copyright.in "${made}/copyright" @ONLY)
install(FILES "${made}/troupe.toml" DESTINATION "${TROUPE_ETC}")
install(FILES "${made}/troupe.service" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
install(FILES "${made}/copyright" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# Made by the program itself, so that they tell what it can.
add_custom_command(OUTPUT "${made}/troupe.1" "${made}/completion" "${made}/_troupe"
  COMMAND troupe man > "${made}/troupe.1"
  COMMAND troupe completions bash > "${made}/completion"
  COMMAND troupe completions zsh > "${made}/_troupe"
  DEPENDS troupe COMMENT "Writing the manual page and completions" VERBATIM)
add_custom_command(OUTPUT "${made}/THIRD-PARTY-NOTICES"
  COMMAND "${NODE_PROGRAM}" "${PROJECT_SOURCE_DIR}/web/notices.mjs" "${made}/THIRD-PARTY-NOTICES"
  DEPENDS "${WEB_PAGES_SOURCE}" "${PROJECT_SOURCE_DIR}/web/notices.mjs" COMMENT "Gathering notices" VERBATIM)
add_custom_target(troupe_install_files ALL DEPENDS "${made}/troupe.1" "${made}/completion" "${made}/_troupe" "${made}/THIRD-PARTY-NOTICES")
install(FILES "${made}/troupe.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${made}/completion" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME troupe)
install(FILES "${made}/_troupe" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
install(FILES "${made}/THIRD-PARTY-NOTICES" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "Troupe's maintainers <maintainers@users.noreply.r-seed-7469dd4a.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "actor-model CRUD server on PostgreSQL, and load simulator")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Serves tables of PostgreSQL over HTTP, loads that server or any other with\nvirtual users, and sweeps configurations: how many workers, how many\nconnections.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser")
# As a dependency it would begin a cluster on port 5432 for who has a PostgreSQL elsewhere.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, postgresql-15")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, man-db")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(part postinst prerm postrm conffiles)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${PROJECT_SOURCE_DIR}/deploy/debian/${part}")
endforeach()
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)
set(CPACK_STRIP_FILES ON)
include(CPack)
