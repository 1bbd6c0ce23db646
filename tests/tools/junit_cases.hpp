// What a document of JUnit says, as a parser of XML that is not ours reads it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/tools/process.hpp"

namespace cacherace::tools {

// Reads it with Python's parser, compares the sums with the cases, and prints the cases as lines.
inline const char* const junit_reader = R"(
import sys, xml.etree.ElementTree as E
root = E.parse(sys.argv[1]).getroot()
assert root.tag == "testsuites", root.tag
suite, = root
cases = suite.findall("testcase")
assert int(suite.get("tests")) == int(root.get("tests")) == len(cases) == len(suite)
for name, kind in ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"):
    assert int(suite.get(name)) == len(suite.findall("testcase/" + kind)), name
for element in suite.iter():
    assert "time" not in element.attrib
for case in cases:
    assert len(case) <= 1
    kind = case[0].tag + " " + case[0].get("type", "-") if len(case) else "passed"
    print(case.get("classname"), "|", case.get("name"), "|", kind)
)";

inline std::string cases_of(const Folder& folder, const std::string& junit) {
  const auto script = folder.file("reader.py", junit_reader);
  const auto lines = folder / "cases.txt";
  const std::string command = std::string(CACHERACE_PYTHON) + " '" + script + "' '" +
                              folder.file("x.xml", junit) + "' > '" + lines + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << junit;
  return text_of(lines);
}

// Runs the command that stands behind `begin` ("Repeat it: cacherace ") in the document's first such line.
// Precondition: nothing in the command is escaped but ">".
inline Finished played(const std::string& junit, const std::string& begin) {
  const auto at = junit.find(begin);
  EXPECT_NE(at, std::string::npos) << begin << "\n" << junit;
  if (at == std::string::npos) return {};
  std::string command = junit.substr(at + begin.size(), junit.find("&#10;", at) - at - begin.size());
  for (auto sign = command.find("&gt;"); sign != std::string::npos; sign = command.find("&gt;"))
    command.replace(sign, 4, ">");
  return Process({"/bin/sh", "-c", "'" CACHERACE_COMMAND "' " + command}).wait();
}

}  // namespace cacherace::tools
