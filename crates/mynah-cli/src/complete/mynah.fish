# Completion of mynah for fish. What can stand where is asked of the program itself.
function __mynah_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] __complete fish -- $words[2..-1] "$current" 2>/dev/null
end
complete -c mynah -k -f -a '(__mynah_complete)'
