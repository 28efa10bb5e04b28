#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "service/base/gojson/decode.h"
#include "service/base/gojson/encode.h"
#include "tests/support/checkout.h"

namespace ccbus::test {

// selector_cases.json: which documents of a set a selector finds.
struct SelectorCase {
  std::string name;    // Also the reason.
  std::string source;  // A file of CouchDB or Fabric, as named in the file's "sources".
  std::string set;
  std::string selector;  // As it is written.
  std::vector<std::string> keys;
};

struct SelectorCases {
  std::map<std::string, std::map<std::string, std::string>> sets;  // Stored values by key, by set.
  std::vector<SelectorCase> cases;
};

// A string as a document or a selector stands for this very text, which need not be JSON; "\\xff"
// in it is one byte.
inline std::string case_text(const gojson::Value& value) {
  if (!value.is_string()) return gojson::encode(value);
  std::string text;
  const std::string written = value.get<std::string>();
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written.compare(i, 2, "\\x") == 0) {
      text += static_cast<char>(std::stoi(written.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      text += written[i];
    }
  }
  return text;
}

inline SelectorCases read_selector_cases() {
  std::ifstream file(test::source_path("tests/unit/ledger/query/mango/selector_cases.json"));
  std::ostringstream text;
  text << file.rdbuf();
  const auto json = gojson::decode(text.str(), gojson::kFile, 100);
  if (!json) throw std::runtime_error("selector_cases.json: " + json.error().message);
  SelectorCases read;
  for (const auto& [set, documents] : json->value.at("documents").items()) {
    for (const auto& [key, document] : documents.items()) {
      read.sets[set][key] = case_text(document);
    }
  }
  for (const auto& entry : json->value.at("cases")) {
    SelectorCase one{entry.at(0).get<std::string>(),
                     entry.at(1).get<std::string>(),
                     entry.at(2).get<std::string>(),
                     case_text(entry.at(3)),
                     {}};
    std::istringstream keys(entry.at(4).get<std::string>());
    for (std::string key; keys >> key;) one.keys.push_back(key);
    if (!json->value.at("sources").contains(one.source)) {
      throw std::runtime_error("no such source: " + one.source);
    }
    read.cases.push_back(std::move(one));
  }
  return read;
}

}  // namespace ccbus::test
