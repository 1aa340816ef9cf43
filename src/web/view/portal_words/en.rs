use super::*;

pub(super) static WORDS: Words = Words {
    lang: "en",
    name: "English",
    day: "%b %-d, %Y",
    moment: "%-I:%M %p %Z on %b %-d, %Y",

    skip: "Skip to content",
    this_site: "This site",
    home: "Home",
    leave: "Leave this page",
    error: "Error",
    put_right: "There is something to put right",
    our_number: "the number on our letter",
    ask_to_stop: "Ask us to stop contacting you",

    enter: Enter {
        title: "Check it\u{2019}s you",
        heading: "Let\u{2019}s make sure it\u{2019}s you",
        lede: "We will send a 6-digit code to the email address we have for you. This keeps your \
               details private.",
        button: "Email me a code",
        no_address: "We have no email address for you, so we can\u{2019}t send you a code. Call us \
                     at {phone} and we will help you. You can also write to us at {address}.",
        not_you: "Not you, or do you just want us to stop?",
        no_code_needed: "You don\u{2019}t need a code for that.",
    },
    code: Code {
        heading: "Enter your code",
        sent: "We sent a code to the email address we have for you. It works for 10 minutes.",
        label: "6-digit code",
        hint: "For example, 402817",
        button: "Continue",
        no_mail: "No email? Look in your spam folder, or",
        again: "send a new code",
        or_stop: "You don\u{2019}t need a code if you just want us to stop.",
        wrong: "That is not the code. Look at the newest email from us and try again.",
        spent: "This code no longer works. Send a new code and use that one.",
        too_many: "That is too many codes for now. Wait an hour, or call us at {phone}.",
    },
    link: LinkUnknown {
        heading: "This link doesn\u{2019}t work",
        lede: "It may be old, or a part of it may be missing. Use the newest message from us, or \
               call us at {phone} for a new link.",
        still: "Do you just want us to stop? You don\u{2019}t need a link for that.",
    },
    ended: Ended {
        heading: "You are not signed in",
        lede: "To keep your details private, a visit ends after 15 minutes. To come back, open the \
               link in our message again.",
        did_you_want: "Did you want us to stop contacting you? You can do that here. You \
                       don\u{2019}t need to sign in.",
    },
    left: Left {
        heading: "Goodbye",
        lede: "You can close this window now.",
    },
    account: AccountWords {
        title: "Your account",
        heading: "Your account with {creditor}",
        lede: "{agency} is a debt collector. We are trying to collect a debt for {creditor}. We \
               will use any information you give us to help collect the debt.",
        closed: "{agency} no longer collects this account. You don\u{2019}t have to do anything \
                 here.",
        stopped_all: "Calls and emails to you are stopped.",
        stopped_calls: "Calls to you are stopped.",
        stopped_emails: "Emails to you are stopped.",
        amount: "What {creditor} says you owe",
        caption: "The amount, line by line",
        amount_on: "Amount on {date}",
        interest: "Interest since then",
        fees: "Fees since then",
        credits: "Payments and credits since then",
        placed: "Amount that {creditor} sent to us",
        paid: "Payments since we got it",
        total: "Total on {date}",
        invoice: "Invoice {invoice}",
        what_next: "What would you like to do?",
        by_phone: "Call us at {phone} or write to us.",
        who: "Who is asking",
        company: "Company",
        address: "Address",
        phone: "Phone",
        check_code: "Check code in our emails",
    },
    choices: ChoiceWords {
        dispute: "This isn\u{2019}t mine, or it\u{2019}s wrong",
        pay: "Pay",
        stop: "Stop or change how you contact me",
        stop_hint: "Request no further contact. It works at once.",
        ask: "Ask a question",
    },
    stop: StopWords {
        title: "Stop contact",
        heading: "Request no further contact",
        lede: "We stop as soon as you press the button. You don\u{2019}t have to say why.",
        what: "What should stop?",
        all: "Everything",
        all_hint: "No calls and no emails. We may still send a letter that the law asks for.",
        calls: "Calls only",
        calls_hint: "You may still get emails and letters.",
        emails: "Emails only",
        emails_hint: "You may still get calls and letters.",
        debt_remains: "This does not make the debt go away. The creditor may still go to court.",
        button: "Stop contacting me",
        back: "Go back",
        choose: "Choose what should stop",
        not_yet: "We could not finish just now. Please press the button again in a few seconds.",
    },
    stopped: StoppedWords {
        title: "Your request",
        heading: "We have stopped",
        all: "Calls and emails to you stopped at {time}.",
        calls: "Calls to you stopped at {time}.",
        emails: "Emails to you stopped at {time}.",
        reference: "Your reference number",
        next: "What happens next",
        next_all: &[
            "You don\u{2019}t have to do anything more. Every planned call and email is cancelled.",
            "This page is your proof. We will not email you about it.",
            "The debt may remain. The creditor may still go to court. We may still send a letter \
             that the law asks for.",
            "If we call or email you by mistake, call us at {phone}. Give your reference number.",
        ],
        next_calls: &[
            "You don\u{2019}t have to do anything more. Every planned call is cancelled.",
            "Emails are on hold too until one of us has read your request. After that you may get \
             emails and letters.",
            "If we call you by mistake, call us at {phone}. Give your reference number.",
        ],
        next_emails: &[
            "You don\u{2019}t have to do anything more. Every planned email is cancelled.",
            "This page is your proof. We will not email you about it.",
            "You may still get calls and letters.",
            "If we email you by mistake, call us at {phone}. Give your reference number.",
        ],
        keep: "Keep this page: print it, or save it as a file.",
        print: "Print this page",
        back: "Back to home",
    },
    unproven: UnprovenWords {
        lede: "Tell us where we reached you. Fill in at least one box. You don\u{2019}t have to \
               prove who you are.",
        phone: "Phone number",
        email: "Email address",
        words: "Anything else",
        words_hint: "Such as the name or a number on our letter",
        bad_phone: "Enter a US phone number, such as 212 555 0142",
        bad_email: "Enter an email address, such as name@example.com",
        nothing: "Fill in at least one of the three boxes",
        too_many: "You have sent us many requests today. Please call us at {phone}.",
    },
    received: ReceivedWords {
        heading: "We have your request",
        lede: "If we know the phone number or email address you gave us, we have stopped using it \
               as you asked.",
        next: &[
            "One of us will also read your request.",
            "A call or email that was just starting may still reach you in the next minute.",
            "If we contact you again after that, call us at {phone}. Give your reference number.",
        ],
    },
};
