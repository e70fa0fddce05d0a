//! What stands below the options in the help of a command: lines to try.

/// All commands.
pub(super) const MYNAH: &str = "\
Begin here:
  mynah dev                                  the platforms on this machine, with a page
  mynah call wecom                           what can be called
  mynah call wecom appchat.create --help     how it is called
  source <(mynah completion bash)            Tab knows platforms, endpoints and parameters

Exit codes: 0 ok, 1 failed, 2 usage, 3 configuration, 4 authentication,
5 refused by the platform, 6 temporary, 7 outcome unknown.";

/// `mynah call`.
pub(super) const CALL: &str = "\
Examples:
  mynah call onebot                                        lists the endpoints
  mynah call onebot send_group_msg --help                  tells what one of them takes
  mynah call onebot send_group_msg group_id=20001 message=早
  mynah call wecom appchat.create name=值班 userlist=alice userlist=bob --dry-run
  mynah call wecom media.upload type=file media=@report.pdf
  mynah call dingtalk chat.get chatid=chatgeneral -o table
  mynah call rongcloud /user/checkOnline userId=alice --raw

In the sandbox, while `mynah dev` runs:
  mynah call onebot get_group_list --url http://127.0.0.1:7700/onebot --token sandbox-token";

/// `mynah send`.
pub(super) const SEND: &str = "\
Examples:
  mynah send qq onebot:group:20001 早上好
  mynah send app wecom:user:alice '**done**' --markdown
  journalctl -n 20 | mynah send app wecom:group:ops -
  mynah send ding dingtalk:group:chatgeneral 'a long text' --dry-run

In the sandbox, while `mynah dev` runs:
  mynah send - onebot:group:20001 hi --url http://127.0.0.1:7700/onebot --token sandbox-token";

/// `mynah listen`.
pub(super) const LISTEN: &str = "\
Examples:
  mynah listen qq
  mynah listen qq -o table
  mynah listen qq | jq -r 'select(.post_type == \"message\") | .raw_message'

In the sandbox, while `mynah sandbox` runs:
  mynah listen onebot --url ws://127.0.0.1:7700/onebot --token sandbox-token
  mynah listen dingtalk --url http://127.0.0.1:7700/dingtalk --token ding-sandbox:sandbox-secret";

/// `mynah run`.
pub(super) const RUN: &str = "\
Example:
  mynah run --config accounts.toml

Such a file, with one account, whose events a program answers:

  [[account]]
  name = \"qq\"
  platform = \"onebot\"
  connect = \"ws://127.0.0.1:3001\"
  access_token = \"env:ONEBOT_TOKEN\"

  [[handler]]
  name = \"python\"
  command = [\"python3\", \"bot.py\"]";

/// `mynah dev`.
pub(super) const DEV: &str = "\
Examples:
  mynah dev
  mynah dev --listen 127.0.0.1:0                       any free port
  mynah dev --wecom-callback-url http://127.0.0.1:8080/   your own bot hears WeCom";

/// `mynah sandbox`.
pub(super) const SANDBOX: &str = "\
Examples:
  mynah sandbox --strict                               with every documented limit
  mynah sandbox --seed team.toml
  mynah sandbox --listen 0.0.0.0:7700 --control-token \"$CONTROL_TOKEN\"";

/// `mynah completion`.
pub(super) const COMPLETION: &str = "\
Examples:
  bash        echo 'source <(mynah completion bash)' >> ~/.bashrc
  zsh         mynah completion zsh > \"${fpath[1]}/_mynah\"
  fish        mynah completion fish > ~/.config/fish/completions/mynah.fish
  PowerShell  mynah completion powershell | Out-String | Invoke-Expression
  Elvish      mynah completion elvish > ~/.config/elvish/lib/mynah.elv";

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_in_the_help_of_run_can_be_read() {
        let (_, file) = super::RUN.split_once("answers:\n").unwrap();
        let config = mynah_bot::Config::parse(file).unwrap();
        assert_eq!((config.accounts.len(), config.handlers.len()), (1, 1));
    }
}
