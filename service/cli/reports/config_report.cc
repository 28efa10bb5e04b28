#include "service/cli/reports/config_report.h"

#include <string_view>

#include "service/cli/terminal/table.h"

namespace ccbus::cli {
namespace {

constexpr std::string_view kReferenceStart = R"(# Configuration

Every key of `ccbusd`. This page is made by `ccbus config reference > docs/configuration.md`;
[deploy/ccbus.yaml](../deploy/ccbus.yaml) has the same keys in a file to start from, with more words.

## Where a value comes from

What stands higher wins:

| source | example |
|---|---|
| `--set` | `ccbusd --set chaincode.executetimeout=10s` |
| the environment | `CCBUS_CHAINCODE_EXECUTETIMEOUT=10s ccbusd` |
| the file of `--config`, otherwise the one that `CCBUS_CONFIG` names | `ccbusd --config ccbus.yaml` |
| the default | |

In the file a dot is a level:

```yaml
chaincode:
  executetimeout: 10s
```

A duration is a whole number and `ms`, `s`, `m` or `h`. A mistake (a key that does not exist, a value that
is not allowed) ends the start with exit status 2 and a line that names the place, the value, and what
would be right.

<!-- run: given service
     first: cp deploy/ccbus.yaml ccbus.yaml -->
```sh
ccbus config show --config ccbus.yaml            # what would be in force, and where it comes from
ccbus config show --config ccbus.yaml --changed  # only what is not the default
ccbus config show --running                      # of the service that runs
ccbus config show limits.workers                 # all about one key
ccbusd --config ccbus.yaml --check-config        # the values only
```

## When the service runs

SIGHUP (`systemctl reload ccbusd`) reads the same sources again. `logging.level` takes effect at once; of
every other key that has changed a line in the log says that it needs a restart. Where the sources have a
mistake nothing changes, and the log has its line. `ccbus logs level` sets the level without a file, until
the next SIGHUP or start.
)";

std::string shown(const std::string& value) {
  return value.empty() ? "\"\"" : value;
}

std::string section_of(std::string_view path) {
  return std::string(path.substr(0, path.find('.')));
}

std::string code(const std::string& text) {
  return "`" + shown(text) + "`";
}

}  // namespace

std::string format_config(const std::vector<ConfigEntry>& entries) {
  std::vector<Row> rows = {{"KEY", "VALUE", "FROM"}};
  for (const ConfigEntry& entry : entries) {
    rows.push_back({entry.key, shown(entry.value), entry.origin});
  }
  return format_table(rows);
}

std::string format_changes(const std::vector<ConfigEntry>& entries) {
  std::vector<Row> rows = {{"KEY", "VALUE", "DEFAULT", "FROM"}};
  for (const ConfigEntry& entry : entries) {
    if (!entry.is_changed()) continue;
    rows.push_back({entry.key, shown(entry.value), shown(entry.default_value), entry.origin});
  }
  return rows.size() == 1 ? "Every key has its default.\n" : format_table(rows);
}

std::string format_entry(const ConfigEntry& entry) {
  return entry.key + ": " + shown(entry.value) + "\n" +  //
         "  from         " + entry.origin + "\n" +       //
         "  default      " + shown(entry.default_value) + "\n" + "  allowed      " + entry.allowed +
         "\n" +                                          //
         "  environment  " + entry.environment + "\n" +  //
         "  meaning      " + entry.help + "\n";
}

std::string config_reference() {
  std::string text(kReferenceStart);
  std::string section;
  for (const ConfigEntry& entry : describe(LoadedConfig())) {
    if (section_of(entry.key) != section) {
      section = section_of(entry.key);
      text += "\n## " + section +
              "\n\n| key | default | allowed | meaning | in the environment |\n"
              "|---|---|---|---|---|\n";
    }
    text += "| " + code(entry.key) + " | " + code(entry.default_value) + " | " + entry.allowed +
            " | " + entry.help + " | " + code(entry.environment) + " |\n";
  }
  return text;
}

}  // namespace ccbus::cli
