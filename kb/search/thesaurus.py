"""Words that mean the same to anybody who asks for support, and words that only dress a question.

A line is a group, each of whose words stands for every other. What belongs to one company
(product nicknames, its own abbreviations) stands in the site: `search/synonyms.<lang>.yaml`.
"""

SAME = {
    "en": """
        delete, remove, erase, get rid of
        disable, deactivate, turn off, switch off
        enable, activate, turn on, switch on
        change, modify, edit, alter
        rename, change name
        show, display, view, see
        hide, invisible
        hidden, private, privacy
        picture, photo, image
        email, mail, message
        login, log in, sign in, logon
        logout, log out, sign out
        crash, stop working, freeze, hang
        slow, performance, takes long, lag
        fail, failure, unsuccessful
        cannot, can't, unable
        start, launch, open
        boot, start up
        backup, back up, archive
        export, download, save
        import, load
        restore, recover, retrieve
        missing, lost, disappear, gone
        error, message
        error, exception
        wrong, incorrect, invalid
        broken, corrupt, damaged
        licence, license
        computer, pc, machine
        phone, mobile
        duplicate, copy
        synchronize, sync
        allow, permit, let
        block, prevent, stop
        account, profile
        account, acct, acc
        username, user name, login name
        password, passcode
        permission, access, rights
        secure, security, safe
        verify, confirm, validate, check
        expire, expiry, expiration
        buy, purchase, order
        price, cost, fee
        cancel, terminate, end
        leave, quit, exit, unsubscribe
        large, size, big
        increase, more, bigger, larger, longer
        reduce, decrease, fewer, less, smaller
        limit, maximum, quota
        multiple, several, many
        all, every, entire
        app, application, program
        web app, webapp, web application
        website, site, web page
        link, url, address
        document, file
        folder, directory
        executable, exe
        attach, attachment
        spreadsheet, excel, sheet
        presentation, slides, powerpoint
        database, db
        repository, repo
        documentation, docs, manual
        video, movie, clip
        calendar, schedule, appointment
        meeting, appointment, event
        notification, alert
        comment, note
        discussion, conversation, thread
        reply, respond, answer
        contact, friend
        favourite, bookmark
        tag, label, category
        upgrade, update
        install, set up, setup
        config, configuration, settings, preferences
        key, serial
        find, search, locate, look up
        find out, determine, identify, detect, know
        filter, criteria, narrow
        sort, order, arrange
        compare, difference
        split, separate, divide
        merge, combine, join
        group, collection
        send, share
        forward, redirect
        insert, add
        create, make, new
        replace, substitute
        move, transfer, migrate
        connect, connection
        wifi, wireless
        refresh, reload
        undo, revert, roll back
        automatic, auto
        time, date
        bulk, batch, mass
        offline, locally
        online, cloud
        statistics, analytics, stats
        history, log
        translate, translation
        font, typeface
        colour, color
        shortcut, hotkey
        keyboard, key
        default, standard
        facebook, fb
    """,
    "es": """
        borrar, eliminar, suprimir, quitar
        desactivar, deshabilitar, apagar
        activar, habilitar, encender
        cambiar, modificar, editar
        mostrar, ver, visualizar
        ocultar, esconder
        imagen, foto
        correo, email, correo electrónico
        iniciar sesión, entrar, acceder
        cerrar sesión, salir
        bloquearse, colgarse, dejar de funcionar
        lento, rendimiento, tarda
        fallo, error, falla
        incorrecto, erróneo, no válido
        dañado, corrupto, estropeado
        falta, perdido, desaparecido
        contraseña, clave
        nombre de usuario, usuario
        permiso, acceso, derechos
        comprobar, verificar, validar
        caducar, vencer, expirar
        cancelar, anular
        precio, coste, costo
        equipo, ordenador, computadora, pc
        teléfono, móvil, celular
        arrancar, iniciar, encender
        copia de seguridad, backup, respaldo
        exportar, descargar, guardar
        restaurar, recuperar
        comprar, adquirir
        aplicación, programa
        archivo, fichero, documento
        carpeta, directorio
        adjuntar, adjunto
        hoja de cálculo, excel
        base de datos, bd
        sitio, página web, web
        enlace, vínculo, url
        aviso, notificación, alerta
        configurar, ajustar
        configuración, ajustes
        licencia, número de serie
        actualizar, actualización
        descargar, bajar
        instalar, instalación
        desinstalar, desinstalación
        encontrar, buscar, localizar
        averiguar, determinar, identificar
        dividir, separar
        combinar, unir, fusionar
        enviar, compartir
        añadir, agregar, insertar
        crear, nuevo
        mover, trasladar, migrar
        aumentar, ampliar, más
        reducir, disminuir, menos
        límite, máximo, cuota
        deshacer, revertir
        predeterminado, estándar
        automático, programado
    """,
}
FILLERS = {
    "en": """
        want like need know anyone anybody somebody someone way possible somehow please help thanks
        hello hi just really also trying able seem everything something anything whats wondering
        possibly actually any some lot things thing kind sort would's im ive id got gets getting
        assume assuming suppose consider scenario following receive received occurs occur would
        could love wonder currently given certain specific various use using used there been
        since make sure try tried
    """,
    "es": """
        quiero quisiera necesito gustaría saber alguien algún alguna algunos manera forma posible
        favor ayuda gracias hola intento tengo poder algo todo ahora también solo supongamos
        siguiente recibe ocurre aparece usar usando cierto determinado hacer hago hace
    """,
}
