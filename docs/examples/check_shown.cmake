# Fails unless the documentation shows each example as it is compiled.

function(check_shown document)
  file(READ "${ROOT}/${document}" shown)
  foreach(example IN LISTS ARGN)
    file(READ "${ROOT}/docs/examples/${example}.cpp" text)
    string(FIND "${shown}" "${text}" position)
    if(position EQUAL -1)
      message(SEND_ERROR "${document} does not show docs/examples/${example}.cpp")
    endif()
  endforeach()
endfunction()

check_shown(README.md unsupervised supervised subscriber)
check_shown(docs/supervision.md own_supervisor pool)
check_shown(docs/distribution.md node)
check_shown(docs/testing.md mock_exchange fake_clients)
