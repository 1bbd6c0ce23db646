#!/usr/bin/env python3
"""test_results.py JUNIT_FILE STATUS: what ctest's results say.

Prints the output of each test that failed, then one line "N passed, N failed, N skipped". STATUS is ctest's
own exit status: where it complains of something that no test shows, that counts as a failure. Exit status: 0 if
tests passed and none failed, otherwise 1.
"""
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    """passed, failed or skipped; a test that could not be started has failed."""
    if case.get("status") == "run":
        return "passed"
    skipped = case.find("skipped")
    reason = "" if skipped is None else skipped.get("message", "")
    if case.get("status") == "disabled" or reason.startswith("SKIP_"):
        return "skipped"
    return "failed"


def main():
    file, status = sys.argv[1], int(sys.argv[2])
    count = {"passed": 0, "failed": 0, "skipped": 0}
    for case in ElementTree.parse(file).getroot().iter("testcase"):
        result = outcome(case)
        count[result] += 1
        if result == "failed":
            print(f"FAILED: {case.get('name')}")
            print((case.findtext("system-out") or "(no output)").rstrip(), end="\n\n")
    if status != 0 and count["failed"] == 0:
        what = "ctest itself" if any(count.values()) else "no test was found"
        print(f"FAILED: {what} (ctest's status {status})\n")
        count["failed"] += 1
    print(", ".join(f"{number} {word}" for word, number in count.items()))
    sys.exit(0 if count["passed"] > 0 and count["failed"] == 0 else 1)


if __name__ == "__main__":
    main()
