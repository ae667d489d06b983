# SPDX-License-Identifier: BSD-3-Clause
#
# Installs zenws to a fresh prefix and checks what is there.

file(REMOVE_RECURSE "${PREFIX}")
execute_process(
  COMMAND "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${PREFIX}"
          --config "${CONFIG}"
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

foreach(file IN ITEMS
        bin/exchange-sim
        bin/trading-engine
        bin/zenws
        bin/zenws-gateway
        include/zenws/all.hpp
        include/zenws/actors/all.hpp
        ${LIBDIR}/cmake/zenws/zenwsConfig.cmake
        ${LIBDIR}/pkgconfig/zenws-core.pc
        lib/systemd/system/zenws-engine@.service
        lib/systemd/system/zenws-gateway.service
        share/bash-completion/completions/zenws
        share/doc/zenws/examples/gateway.toml
        share/fish/vendor_completions.d/zenws.fish
        share/man/man1/zenws.1
        share/zsh/site-functions/_zenws)
  if(NOT EXISTS "${PREFIX}/${file}")
    message(SEND_ERROR "${file} is not installed")
  endif()
endforeach()

file(GLOB_RECURSE internal "${PREFIX}/include/*/internal/*")
if(internal)
  message(SEND_ERROR "internal headers are installed: ${internal}")
endif()
file(GLOB installed RELATIVE "${PREFIX}/bin" "${PREFIX}/bin/*")
foreach(program IN LISTS installed)
  if(NOT EXISTS "${PREFIX}/share/man/man1/${program}.1")
    message(SEND_ERROR "${program} has no manual page")
  endif()
endforeach()

# Files that are moved with the prefix know neither the build nor the prefix.
file(GLOB texts "${PREFIX}/${LIBDIR}/cmake/zenws/*.cmake"
     "${PREFIX}/${LIBDIR}/pkgconfig/*.pc" "${PREFIX}/lib/systemd/system/*")
foreach(text IN LISTS texts)
  file(READ "${text}" content)
  foreach(folder IN ITEMS "${BUILD}" "${PREFIX}")
    string(FIND "${content}" "${folder}" position)
    if(NOT position EQUAL -1)
      message(SEND_ERROR "${text} mentions ${folder}")
    endif()
  endforeach()
endforeach()
