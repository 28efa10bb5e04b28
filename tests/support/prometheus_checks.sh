# Sourced by tests that have a Prometheus at http://127.0.0.1:$prometheus_port, set up by
# deploy/prometheus, beside a service under load. They define wait_for SECONDS WHAT COMMAND... and give_up.

ask_prometheus() {
  curl --silent --fail --get "http://127.0.0.1:$prometheus_port/api/v1/$1" "${@:2}"
}

service_is_scraped() {
  [ "$(ask_prometheus query --data-urlencode 'query=up{job="ccbus"}' | jq -r '.data.result[0].value[1]')" = 1 ]
}

# A query has data when its result has a number; rates need two scrapes of a changing value.
has_data() {
  [ "$(ask_prometheus query --data-urlencode "query=$1" |
    jq '[.data.result[].value[1] | select(. != "NaN")] | length')" -gt 0 ]
}

# check_dashboards SECONDS: every query of the dashboards has data, each after so long at most.
check_dashboards() {
  local seconds=$1 queries=0 query
  while IFS= read -r query; do
    wait_for "$seconds" "data for: $query" has_data "$query"
    queries=$((queries + 1))
  done < <(jq -r '.panels[].targets[].expr' deploy/grafana/dashboards/*.json)
  [ $queries -gt 0 ] || give_up "the dashboards have no queries"
  echo "$queries queries of the dashboards have data"
}

# check_rules SECONDS: every metric that the rules name has data. A rule itself has none while all is well.
check_rules() {
  local seconds=$1 names=0 name unhealthy
  for name in $(grep -ohE '\b(blockcutter|ccbus|chaincode|endorser|ledger|process)_[a-z_]+' \
    deploy/prometheus/ccbus_rules.yml | sort -u); do
    [ "$name" = ccbus_rules ] || wait_for "$seconds" "data for: $name" has_data "$name"
    names=$((names + 1))
  done
  [ $names -gt 0 ] || give_up "the rules name no metric"
  echo "$names metrics of the rules have data"
  unhealthy=$(ask_prometheus rules | jq -r '.data.groups[].rules[] | select(.health != "ok") | .name')
  [ -z "$unhealthy" ] || give_up "rules that cannot be evaluated: $unhealthy"
}

check_no_alert() {
  local firing
  firing=$(ask_prometheus alerts | jq -r '.data.alerts[] | select(.state == "firing") | .labels.alertname')
  [ -z "$firing" ] || give_up "alerts while all is well: $firing"
}
