# SPDX-License-Identifier: MIT
# language.py - finds words that texts, comments, pages and check names do not use: FILE:LINE: WORD: use REPLACEMENT.
#
#   language.py FILE...
import re
import sys

# (pattern, what to write instead).  A pattern is found in any case, as whole words.
WORDS = [
    (r'anew', 'again, new'),
    (r'for ever', 'permanently'),
    (r'whom|whomever|whoever(?:\'s)?', 'name the person or program'),
    (r'thereby|therein|thereof|henceforth|hence|whence', 'so'),
    (r'(?<!there )(?:is|are) none(?! of\b)', 'is not valid, does not exist'),
    (r'(?:is|are) to be', 'must be, will be'),
    (r'the word for it', 'name the option'),
    (r'all the same', 'even so'),
    (r'one\'s own', 'custom, private'),
    (r'mend(?:s|ed|ing)?', 'fix, repair'),
    (r'headless', 'unchecked'),
    (r'bur(?:y|ies|ied)', 'revoke_lost'),
    (r'evict(?:s|ed)?', 'replace'),
    (r'twins|look-?alikes?', 'duplicates'),
    (r'crew', 'workers'),
    (r'house|rooms|floors?|room\.am', 'architecture, component, layer, local.mk'),
    (r'(?:the|a|each|every|this|which) room', 'component'),
    (r'(?:takes?|taken|took) (?:it |them )?off', 'remove'),
    (r'(?:takes?|taken|took) (?:it |them )?back', 'lift, undo'),
    (r'(?:good|issues?) no more(?! certificates?| CRLs?)', 'no longer'),
    (r'nobody has said', 'name what is missing'),
    (r'stand-in', 'placeholder'),
    (r'by another road', 'separately'),
]
# (file, line, why): terms of other standards and names of programs.
ALLOWED = [
    (r'LICENSE', r'to whom the Software is', 'the text of the MIT licence'),
    (r'src/x509/key/rsa_flaws\.c', r'floor\(sqrt', 'the mathematical function'),
    (r'tests/meta/language\.(py|t)', r'', 'the list of these words'),
    (r'docs/renamed\.md', r'`[a-z-]*for-ever`', 'an old code'),
    (r'.*', r'[Ii]s None\b', 'Python'),
]
FOUND = [(re.compile(rf'(?<![\w-])(?:{pattern})(?![\w-])', re.I), use) for pattern, use in WORDS]
EXCEPT = [(re.compile(path), re.compile(line)) for path, line, _ in ALLOWED]


def main():
    bad = 0
    any_word = re.compile("|".join(word.pattern for word, _ in FOUND), re.I)
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8', errors='replace') as f:
            text = f.read()
        if not any_word.search(text):
            continue
        for n, line in enumerate(text.split('\n'), 1):
            for word, use in FOUND:
                m = word.search(line)
                if m and not any(p.fullmatch(path) and a.search(line) for p, a in EXCEPT):
                    print(f'{path}:{n}: {m[0]}: use {use}')
                    bad += 1
    return bad > 0


sys.exit(main())
