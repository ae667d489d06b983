# Fails unless each example stands in the README as it is compiled.

file(READ "${ROOT}/README.md" readme)
foreach(example IN ITEMS unsupervised supervised subscriber)
  file(READ "${ROOT}/docs/examples/${example}.cpp" text)
  string(FIND "${readme}" "${text}" position)
  if(position EQUAL -1)
    message(SEND_ERROR "README.md does not show docs/examples/${example}.cpp")
  endif()
endforeach()
