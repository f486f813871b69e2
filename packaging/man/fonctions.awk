# Names the public functions of a header, one a line; with undocumented=1, those that no comment documents: a comment
# before the function or before the group that it belongs to (no empty line between them), or beside it.
#
#   awk [-v undocumented=1] -f fonctions.awk runtime/delib.h

/^\/\*|^ \*/ { comment = 1 }
/^$/         { comment = 0 }
/^DELIB_API/ && match($0, /delib_[a-z0-9_]+\(/) {
    if (!undocumented || (!comment && $0 !~ /\/\*/))
        print substr($0, RSTART, RLENGTH - 1)
}
