use super::*;

pub(super) static WORDS: Words = Words {
    lang: "es",
    name: "Espa\u{f1}ol",
    day: "%-d/%-m/%Y",
    moment: "%-d/%-m/%Y, %-I:%M %p %Z",

    skip: "Ir al contenido",
    this_site: "Este sitio",
    home: "Inicio",
    leave: "Salir de esta p\u{e1}gina",
    error: "Error",
    put_right: "Hay algo que corregir",
    our_number: "el n\u{fa}mero que est\u{e1} en nuestra carta",
    ask_to_stop: "Pedir que dejemos de contactarlo",

    enter: Enter {
        title: "Confirme que es usted",
        heading: "Confirmemos que es usted",
        lede: "Le enviaremos un c\u{f3}digo de 6 d\u{ed}gitos al correo electr\u{f3}nico que \
               tenemos de usted. As\u{ed} cuidamos sus datos.",
        button: "Env\u{ed}enme un c\u{f3}digo",
        no_address: "No tenemos su correo electr\u{f3}nico y no podemos enviarle un c\u{f3}digo. \
                     Ll\u{e1}menos al {phone} y le ayudaremos. Tambi\u{e9}n puede escribirnos a \
                     {address}.",
        not_you: "\u{bf}No es usted, o solo quiere que dejemos de contactarlo?",
        no_code_needed: "Para eso no necesita un c\u{f3}digo.",
    },
    code: Code {
        heading: "Escriba su c\u{f3}digo",
        sent: "Enviamos un c\u{f3}digo al correo electr\u{f3}nico que tenemos de usted. Sirve \
               durante 10 minutos.",
        label: "C\u{f3}digo de 6 d\u{ed}gitos",
        hint: "Por ejemplo, 402817",
        button: "Continuar",
        no_mail: "\u{bf}No lleg\u{f3}? Mire en la carpeta de correo no deseado, o",
        again: "pida otro c\u{f3}digo",
        or_stop: "No necesita un c\u{f3}digo si solo quiere que dejemos de contactarlo.",
        wrong: "Ese no es el c\u{f3}digo. Mire nuestro correo m\u{e1}s reciente y pruebe otra vez.",
        spent: "Este c\u{f3}digo ya no sirve. Pida otro c\u{f3}digo y use ese.",
        too_many: "Son demasiados c\u{f3}digos por ahora. Espere una hora o ll\u{e1}menos al \
                   {phone}.",
    },
    link: LinkUnknown {
        heading: "Este enlace no funciona",
        lede: "Puede ser viejo, o puede faltarle una parte. Use nuestro mensaje m\u{e1}s reciente, \
               o ll\u{e1}menos al {phone} para pedir otro enlace.",
        still: "\u{bf}Solo quiere que dejemos de contactarlo? Para eso no necesita un enlace.",
    },
    ended: Ended {
        heading: "Su visita ha terminado",
        lede: "Para cuidar sus datos, una visita termina a los 15 minutos. Para volver, abra otra \
               vez el enlace de nuestro mensaje.",
        did_you_want: "\u{bf}Quer\u{ed}a que dejemos de contactarlo? Puede pedirlo aqu\u{ed}, sin \
                       c\u{f3}digo.",
    },
    left: Left {
        heading: "Adi\u{f3}s",
        lede: "Ya puede cerrar esta ventana.",
    },
    account: AccountWords {
        title: "Su cuenta",
        heading: "Su cuenta con {creditor}",
        lede: "{agency} es un cobrador de deudas. Tratamos de cobrar una deuda para {creditor}. \
               Usaremos la informaci\u{f3}n que usted nos d\u{e9} para cobrar la deuda.",
        closed: "{agency} ya no cobra esta cuenta. Usted no tiene que hacer nada aqu\u{ed}.",
        stopped_all: "Las llamadas y los correos para usted est\u{e1}n detenidos.",
        stopped_calls: "Las llamadas para usted est\u{e1}n detenidas.",
        stopped_emails: "Los correos para usted est\u{e1}n detenidos.",
        amount: "Lo que {creditor} dice que usted debe",
        caption: "La cantidad, paso a paso",
        amount_on: "Cantidad el {date}",
        interest: "Intereses desde entonces",
        fees: "Cargos desde entonces",
        credits: "Pagos y cr\u{e9}ditos desde entonces",
        placed: "Cantidad que {creditor} nos envi\u{f3}",
        paid: "Pagos desde que la tenemos",
        total: "Total el {date}",
        invoice: "Factura {invoice}",
        what_next: "\u{bf}Qu\u{e9} quiere hacer?",
        by_phone: "Ll\u{e1}menos al {phone} o escr\u{ed}banos.",
        who: "Qui\u{e9}n pregunta",
        company: "Empresa",
        address: "Direcci\u{f3}n",
        phone: "Tel\u{e9}fono",
        check_code: "C\u{f3}digo en nuestros correos",
    },
    choices: ChoiceWords {
        dispute: "Esto no es m\u{ed}o, o hay un error",
        pay: "Pagar",
        stop: "Que no me contacten m\u{e1}s, o de otra forma",
        stop_hint: "Pida que no lo contactemos m\u{e1}s. Vale al momento.",
        ask: "Hacer una pregunta",
    },
    stop: StopWords {
        title: "No m\u{e1}s contacto",
        heading: "Pedir que no me contacten m\u{e1}s",
        lede: "Paramos en cuanto usted oprime el bot\u{f3}n. No tiene que decir por qu\u{e9}.",
        what: "\u{bf}Qu\u{e9} debe parar?",
        all: "Todo",
        all_hint: "Ni llamadas ni correos. Puede llegarle una carta que la ley pide.",
        calls: "Solo las llamadas",
        calls_hint: "Pueden llegarle correos y cartas.",
        emails: "Solo los correos electr\u{f3}nicos",
        emails_hint: "Pueden llegarle llamadas y cartas.",
        debt_remains: "Esto no borra la deuda. El acreedor todav\u{ed}a puede ir a la corte.",
        button: "No me contacten m\u{e1}s",
        back: "Volver",
        already: "Nos pidi\u{f3} que paremos todo. No tiene que hacer nada m\u{e1}s.",
        see_receipt: "Ver su comprobante",
        choose: "Elija qu\u{e9} debe parar",
        not_yet: "No pudimos terminar ahora. Oprima el bot\u{f3}n otra vez en unos segundos.",
    },
    stopped: StoppedWords {
        title: "Su pedido",
        heading: "Ya paramos",
        all: "Las llamadas y los correos para usted pararon el {time}.",
        calls: "Las llamadas para usted pararon el {time}.",
        emails: "Los correos para usted pararon el {time}.",
        covers: "Esto vale para todas sus cuentas con {creditor}.",
        reference: "Su n\u{fa}mero de referencia",
        next: "Qu\u{e9} sigue",
        next_all: &[
            "No tiene que hacer nada m\u{e1}s. Toda llamada o correo que estaba planeado queda \
             cancelado.",
            "Esta p\u{e1}gina es su prueba. No le enviaremos un correo sobre esto.",
            "La deuda puede seguir. El acreedor todav\u{ed}a puede ir a la corte. Puede llegarle \
             una carta que la ley pide.",
            "Si lo contactamos por error, ll\u{e1}menos al {phone} y d\u{e9} su n\u{fa}mero de \
             referencia.",
        ],
        next_calls: &[
            "No tiene que hacer nada m\u{e1}s. Toda llamada que estaba planeada queda cancelada.",
            "Los correos tambi\u{e9}n esperan hasta que uno de nosotros lea su pedido. Despu\u{e9}s \
             pueden llegarle correos y cartas.",
            "Si lo llamamos por error, ll\u{e1}menos al {phone} y d\u{e9} su n\u{fa}mero de \
             referencia.",
        ],
        next_emails: &[
            "No tiene que hacer nada m\u{e1}s. Todo correo que estaba planeado queda cancelado.",
            "Esta p\u{e1}gina es su prueba. No le enviaremos un correo sobre esto.",
            "Pueden llegarle llamadas y cartas.",
            "Si le escribimos un correo por error, ll\u{e1}menos al {phone} y d\u{e9} su \
             n\u{fa}mero de referencia.",
        ],
        keep: "Guarde esta p\u{e1}gina: impr\u{ed}mala o gu\u{e1}rdela como archivo.",
        print: "Imprimir esta p\u{e1}gina",
        back: "Volver al inicio",
    },
    unproven: UnprovenWords {
        lede: "D\u{ed}ganos d\u{f3}nde lo contactamos. Llene al menos una casilla. No tiene que \
               probar qui\u{e9}n es.",
        phone: "N\u{fa}mero de tel\u{e9}fono",
        email: "Correo electr\u{f3}nico",
        words: "Algo m\u{e1}s",
        words_hint: "Como el nombre o un n\u{fa}mero de nuestra carta",
        bad_phone: "Escriba un n\u{fa}mero de EE. UU., como 212 555 0142",
        bad_email: "Escriba un correo electr\u{f3}nico, como nombre@example.com",
        nothing: "Llene al menos una de las tres casillas",
        too_many: "Hoy nos envi\u{f3} muchos pedidos. Por favor, ll\u{e1}menos al {phone}.",
    },
    received: ReceivedWords {
        heading: "Tenemos su pedido",
        lede: "Si conocemos el tel\u{e9}fono o el correo que nos dio, ya dejamos de usarlo como \
               pidi\u{f3}.",
        next: &[
            "Uno de nosotros tambi\u{e9}n leer\u{e1} su pedido.",
            "Una llamada o un correo que ya empezaba puede llegarle en el pr\u{f3}ximo minuto.",
            "Si lo contactamos despu\u{e9}s de eso, ll\u{e1}menos al {phone} y d\u{e9} su \
             n\u{fa}mero de referencia.",
        ],
    },
};
