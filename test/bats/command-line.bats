# The command-line contract: what every entry prints where, and how it ends. Nothing here needs a network.
bats_require_minimum_version 1.5.0

setup() {
  cd "$BATS_TEST_DIRNAME/../.." || exit 1
  export NO_COLOR=1
  unset AWS_REGION AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
  registry=123456789012.dkr.ecr.us-east-2.amazonaws.com
  entries=(mirror-to-ecr generate-private-ecr-values verify-private-values regenerate-manifest relocate-chart sync-addons generate-catalog cleanup-ecr print-policy cluster-token install-tools demo sandbox/main)
}

kit() {
  node --import tsx "scripts/$1.ts" "${@:2}"
}

@test "every entry prints its help on stdout and exits 0" {
  for entry in "${entries[@]}"; do
    run --separate-stderr kit "$entry" --help
    [ "$status" -eq 0 ]
    [[ "$output" == *"Usage: npx tsx scripts/$entry.ts"* ]]
    [ -z "$stderr" ]
  done
}

@test "every entry rejects an unknown flag on stderr with exit code 2, and refers to its help" {
  for entry in "${entries[@]}"; do
    run --separate-stderr kit "$entry" --no-such-flag
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [[ "$stderr" == *"unknown option '--no-such-flag'"* ]]
    [[ "$stderr" == *"--help"* ]]
  done
}

@test "a misspelled flag gets a suggestion" {
  run --separate-stderr kit mirror-to-ecr "$registry" --regoin us-east-2
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"Did you mean --region?"* ]]
}

@test "a registry is required" {
  for entry in mirror-to-ecr generate-private-ecr-values; do
    run --separate-stderr kit "$entry"
    [ "$status" -eq 2 ]
    [[ "$stderr" == *"missing required argument 'registry'"* ]]
  done
}

@test "too many arguments are rejected" {
  run --separate-stderr kit mirror-to-ecr "$registry" another
  [ "$status" -eq 2 ]
}

@test "an almost correct registry gets a suggestion" {
  run --separate-stderr kit mirror-to-ecr "oci://$registry/team"
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"use \"$registry\", and \"--prefix team\" for the path"* ]]
}

@test "a region that conflicts with the registry is rejected before any other action" {
  run --separate-stderr kit mirror-to-ecr "$registry" --region eu-west-1
  [ "$status" -eq 2 ]
  [[ "$stderr" == *'is in region "us-east-2", but the region given is "eu-west-1"'* ]]
}

@test "mutually exclusive flags are rejected" {
  run --separate-stderr kit mirror-to-ecr "$registry" --images-only --charts-only
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"cannot be used with option"* ]]
}

@test "values of flags are checked" {
  for flags in "--concurrency 0" "--concurrency many" "--existing replace" "--output xml" "--deadline -1"; do
    # shellcheck disable=SC2086
    run --separate-stderr kit mirror-to-ecr "$registry" $flags
    [ "$status" -eq 2 ]
    [ -n "$stderr" ]
  done
}

@test "a glob without matches is rejected" {
  run --separate-stderr kit mirror-to-ecr "$registry" --only 'cert-manger'
  [ "$status" -eq 2 ]
  [[ "$stderr" == *'--only "cert-manger" matches nothing'* ]]
}

@test "a missing manifest is named" {
  run --separate-stderr kit generate-private-ecr-values "$registry" --manifest no/such/file.ts
  [ "$status" -eq 2 ]
  [[ "$stderr" == *'manifest "no/such/file.ts" cannot be read: it does not exist'* ]]
}

@test "the values go to stdout, and nothing goes to stderr" {
  run --separate-stderr kit generate-private-ecr-values "$registry" </dev/null
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  [[ "$output" == *"oci://$registry/charts/cert-manager"* ]]
}

@test "the values are the same every time" {
  first=$(kit generate-private-ecr-values "$registry")
  second=$(kit generate-private-ecr-values "$registry")
  [ "$first" = "$second" ]
}

@test "a reader that closes stdout early causes no error messages" {
  run --separate-stderr bash -c "node --import tsx scripts/generate-private-ecr-values.ts $registry | head -n 1"
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
}

@test "the generated files are up to date" {
  run --separate-stderr kit regenerate-manifest --check
  [ "$status" -eq 0 ]
}

@test "missing credentials end with exit code 3 and a next step, before any change" {
  export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
  run --separate-stderr kit mirror-to-ecr "$registry" --plan
  [ "$status" -eq 3 ]
  [[ "$stderr" == *"AWS_PROFILE"* ]]
  [[ "$stderr" == *"nothing was changed"* ]]
}

@test "the sandbox rejects invalid values instead of starting" {
  for flags in "--port 99999" "--account 12" "--region nowhere" "--charts /nope" "--list /nope" "--scale 0"; do
    # shellcheck disable=SC2086
    run --separate-stderr kit sandbox/main $flags
    [ "$status" -eq 2 ]
    [[ "$stderr" == error:* ]]
  done
}

@test "an empty selection is rejected" {
  run --separate-stderr kit mirror-to-ecr "$registry" --group development --only cert-manager
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"matches nothing"* ]]
}

@test "a report requires a run, not a plan" {
  run --separate-stderr kit mirror-to-ecr "$registry" --plan --report x.json
  [ "$status" -eq 2 ]
}

@test "a pipe gets no color codes" {
  run kit mirror-to-ecr quay.io
  [[ "$output" != *$'\033'* ]]
}

bootstrap() {
  node --import tsx bootstrap.ts "$@"
}

@test "a bootstrap without a deployment mode exits 2 and names the three modes" {
  run --separate-stderr bootstrap
  [ "$status" -eq 2 ]
  [ -z "$output" ]
  for way in --deploy-create-vpc-cfn --deploy-import-vpc-cfn --skip-cfn-deploy; do
    [[ "$stderr" == *"$way"* ]]
  done
}

@test "a bootstrap prints its steps without credentials and without requests" {
  export HTTPS_PROXY=http://127.0.0.1:9 AWS_EC2_METADATA_DISABLED=true
  run --separate-stderr bootstrap --deploy-create-vpc-cfn --stack-name MA --push-all-images-to-private-ecr --plan
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  [[ "$output" == " 1  Account and region"* ]]
  [[ "$output" == *"Stack (may change something)"*"create or update stack \"MA\""* ]]
  [[ "$output" == *"Mirror (may change something)"*"Proof"*"Installation (may change something)"* ]]
  run --separate-stderr bootstrap --skip-cfn-deploy --plan --output json
  [ "$status" -eq 0 ]
  [[ "$output" == *'"id": "identity"'*'"id": "console"'* ]]
}

@test "a bootstrap prints its own version, and keeps --version for the application's" {
  run --separate-stderr bootstrap --kit-version
  [ "$status" -eq 0 ]
  [ "$output" = "$(node -p 'require("./package.json").version')" ]
  run --separate-stderr bootstrap --skip-cfn-deploy --version 2.6.4 --plan
  [ "$status" -eq 0 ]
  [[ "$output" == *"of release 2.6.4"* ]]
}

@test "a misspelled flag of a bootstrap gets a suggestion, and an unknown one is not ignored" {
  run --separate-stderr bootstrap --skip-cfn-deploy --push-all-image-to-private-ecr
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"Did you mean --push-all-images-to-private-ecr?"* ]]
  run --separate-stderr bootstrap --skip-cfn-deploy --tls-mode none
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"unknown option '--tls-mode'"* ]]
  run --separate-stderr bootstrap --help
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  [[ "$output" == *"Usage: npx tsx bootstrap.ts"* ]]
}
